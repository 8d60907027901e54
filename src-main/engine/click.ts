/**
 * @file segment.click: points and a box of the annotator, and the mask that they correct, to candidate masks, in one
 * decoder call.
 */
import type { ClickInput, Output } from '../contract/api.ts';
import { AppError } from '../contract/errors.ts';
import { type Frame, originalToModel } from '../contract/geometry.ts';
import type { Rle } from '../contract/mask.ts';
import { rleArea } from '../contract/rle.ts';
import type { Instance, Point, Region } from '../contract/segmentation.ts';
import { correction } from '../novo/mask-prompt.ts';
import { rleMaker } from '../novo/postprocess.ts';
import { rankTokens, regionPrompt } from '../novo/regions.ts';
import { withoutSpecks } from '../novo/specks.ts';
import type { ImageCall } from './call.ts';
import { checkPoint, clipBox } from './evidence.ts';
import { changedAt } from './local-change.ts';

export async function answerClick(input: ClickInput, call: ImageCall): Promise<Output<'segment.click'>> {
  const { frame } = call.encoded.embedding;
  const old = input.mask && rleArea(input.mask) > 0 ? input.mask : undefined; // an empty one says nothing
  if (!old && !input.box && !input.points.some(([, , label]) => label === 1)) {
    throw new AppError('bad-request', 'There is nothing to segment: a click needs a positive point or a box.', {
      hint: 'Add a point on the object (label 1), draw a box around it, or give the mask that is to be corrected.',
    });
  }
  const given: Region = {
    points: input.points.map((point) => checkPoint(point, frame)),
    ...(input.box ? { box: clipBox(input.box, frame) } : {}),
  };
  const start = performance.now();
  const { region, mask } = old ? correction(given, old, frame) : { region: given, mask: undefined };
  const prompt = regionPrompt(region, frame, 'points');
  const [answer] = await call.segmenter.decode([mask && call.takesMaskPrompt ? { ...prompt, mask } : prompt]);
  const toRle = rleMaker(frame);
  const named = positiveCells(input.points, frame);
  const candidates = rankTokens(region, answer!, frame, call.segmenter.singleToken)
    .slice(0, input.candidates)
    .map(({ logits, score }) => ({ segmentation: toRle(withoutSpecks(logits, frame.maskSize, named)), score }))
    .filter(({ segmentation }) => rleArea(segmentation) > 0);
  const [first] = candidates;
  if (old && first) candidates.unshift(...localAnswer(old, first, input.points));
  candidates.splice(input.candidates);
  return { candidates, timing: call.timing({ segment_ms: performance.now() - start }) };
}

/** Cells of the low-resolution logits that the positive points lie in. */
function positiveCells(points: readonly Point[], frame: Frame): number[] {
  const scale = frame.maskSize / frame.imageSize;
  const last = frame.maskSize - 1;
  return points.flatMap(([x, y, label]) => {
    if (label !== 1) return [];
    const [column, row] = originalToModel(frame, x, y).map((at) => Math.min(last, Math.floor(at * scale)));
    return [row! * frame.maskSize + column!];
  });
}

/** The model's answer where the clicks are and the old mask elsewhere; nothing where that is the answer itself. */
function localAnswer(old: Rle, answer: Instance, points: readonly Point[]): Instance[] {
  const segmentation = changedAt(old, answer.segmentation, points);
  if (segmentation.counts === answer.segmentation.counts || rleArea(segmentation) === 0) return [];
  return [{ ...answer, segmentation }];
}
