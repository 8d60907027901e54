/** @file segment.click: points and a box of the annotator to candidate masks, in one decoder call. */
import type { ClickInput, Output } from '../contract/api.ts';
import { AppError } from '../contract/errors.ts';
import { rleArea } from '../contract/rle.ts';
import type { Region } from '../contract/segmentation.ts';
import { measure } from '../novo/candidate.ts';
import { rleMaker } from '../novo/postprocess.ts';
import { regionPrompt } from '../novo/regions.ts';
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
  const { logits, iou } = answer!;
  const single = call.segmenter.singleToken;
  // The mask for an unambiguous prompt first: it is nearest to what annotators call an object.
  const order = iou
    .map((_, token) => token)
    .sort((a, b) => Number(b === single) - Number(a === single) || iou[b]! - iou[a]!);
  const toRle = rleMaker(frame);
  const candidates = order
    .map((token) => {
      const stability = measure(logits[token]!, frame, [])?.stability ?? 0;
      return { segmentation: toRle(logits[token]!), score: Math.min(1, iou[token]!) * stability };
    })
    .filter(({ segmentation }) => rleArea(segmentation) > 0);
  return { candidates, timing: call.timing({ segment_ms: performance.now() - start }) };
}
