/** @file segment.click: points and a box of the annotator to candidate masks, in one decoder call. */
import type { ClickInput, Output } from '../contract/api.ts';
import { AppError } from '../contract/errors.ts';
import { rleArea } from '../contract/rle.ts';
import type { Region } from '../contract/segmentation.ts';
import { rleMaker } from '../novo/postprocess.ts';
import { rankTokens, regionPrompt } from '../novo/regions.ts';
import type { ImageCall } from './call.ts';
import { checkPoint, clipBox } from './evidence.ts';

export async function answerClick(input: ClickInput, call: ImageCall): Promise<Output<'segment.click'>> {
  const { frame } = call.encoded.embedding;
  if (!input.box && !input.points.some(([, , label]) => label === 1)) {
    throw new AppError('bad-request', 'There is nothing to segment: a click needs a positive point or a box.', {
      hint: 'Add a point on the object (label 1), or draw a box around it.',
    });
  }
  const region: Region = {
    points: input.points.map((point) => checkPoint(point, frame)),
    ...(input.box ? { box: clipBox(input.box, frame) } : {}),
  };
  const start = performance.now();
  const [answer] = await call.segmenter.decode([regionPrompt(region, frame, 'points')]);
  const toRle = rleMaker(frame);
  const candidates = rankTokens(region, answer!, frame, call.segmenter.singleToken)
    .slice(0, input.candidates)
    .map(({ logits, score }) => ({ segmentation: toRle(logits), score }))
    .filter(({ segmentation }) => rleArea(segmentation) > 0);
  return { candidates, timing: call.timing({ segment_ms: performance.now() - start }) };
}
