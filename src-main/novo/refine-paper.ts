/**
 * @file NOVO Refinement as the paper writes it (§4.5, Eq. 7 and 8): a grid of fixed interval over the logits S, its
 * points with S > 0 prompt SAM, candidates whose overlap with B = 1[S >= 0] is above delta are kept, those that
 * overlap each other are united; semantic = union of all, instances = the groups.
 *
 * What the paper leaves open and we chose: the interval (settings.ts), the best of SAM's three ambiguous masks by
 * predicted IoU, one shared pixel of the mask frame as "overlapping", and S itself where nothing is kept.
 */
import { type Frame, maskExtent } from '../contract/geometry.ts';
import { measure, trustOf, unionLogits } from './candidate.ts';
import type { Refined } from './refined.ts';
import type { PromptableSegmenter, SamMasks, SamPrompt } from './segmenter.ts';
import type { PaperRefinement } from './settings.ts';

/** An answer takes 1 MB, and a target that fills the image has 1024 grid points. */
const promptsAtOnce = 64;

/** Points of the grid, in the model frame, where S is positive. */
export function gridPrompts(s: Float32Array, frame: Frame, interval: number): SamPrompt[] {
  const step = frame.maskSize / frame.imageSize;
  const prompts: SamPrompt[] = [];
  for (let y = interval / 2; y < frame.modelHeight; y += interval) {
    for (let x = interval / 2; x < frame.modelWidth; x += interval) {
      const k = Math.floor(y * step) * frame.maskSize + Math.floor(x * step);
      if (s[k]! > 0) prompts.push({ coords: [x, y], labels: [1] });
    }
  }
  return prompts;
}

/** The ambiguous mask with the highest predicted IoU: all tokens but the one for unambiguous prompts. */
export function bestToken(masks: SamMasks, singleToken: number | null): number {
  let best = -1;
  masks.iou.forEach((iou, token) => {
    if (token !== singleToken && (best < 0 || iou > masks.iou[best]!)) best = token;
  });
  return best < 0 ? 0 : best;
}

/** Indices in groups that share a pixel, directly or through others. */
function groupsThatOverlap(masks: readonly Float32Array[], frame: Frame): number[][] {
  const { rows, columns } = maskExtent(frame);
  const parent = masks.map((_, k) => k);
  const root = (k: number): number => {
    let r = k;
    while (parent[r] !== r) r = parent[r]!;
    return r;
  };
  for (let y = 0; y < rows; y++) {
    for (let k = y * frame.maskSize, end = k + columns; k < end; k++) {
      let first = -1;
      for (let m = 0; m < masks.length; m++) {
        if (masks[m]![k]! <= 0) continue;
        if (first < 0) first = m;
        else parent[root(m)] = root(first);
      }
    }
  }
  const groups = new Map<number, number[]>();
  masks.forEach((_, k) => {
    groups.set(root(k), [...(groups.get(root(k)) ?? []), k]);
  });
  return [...groups.values()];
}

export async function refineAsPaper(
  s: Float32Array,
  frame: Frame,
  segmenter: PromptableSegmenter,
  settings: PaperRefinement,
): Promise<Refined> {
  const prompts = gridPrompts(s, frame, settings.interval);
  const b = s.map((logit) => (logit >= 0 ? 1 : 0));
  const kept: { logits: Float32Array; score: number }[] = [];
  for (let start = 0; start < prompts.length; start += promptsAtOnce) {
    for (const masks of await segmenter.decode(prompts.slice(start, start + promptsAtOnce))) {
      const token = bestToken(masks, segmenter.singleToken);
      const logits = masks.logits[token]!;
      const found = measure(logits, frame, b);
      if (!found || found.overlap <= settings.overlap) continue;
      // A copy: the answer is a view that would keep the other tokens in memory.
      kept.push({ logits: logits.slice(), score: trustOf(masks.iou[token]!) * found.stability * found.overlap });
    }
  }
  if (kept.length === 0) return { semantic: s, instances: [] };
  const groups = groupsThatOverlap(
    kept.map(({ logits }) => logits),
    frame,
  );
  const instances = groups.map((members) => ({
    logits: unionLogits(
      members.map((k) => kept[k]!.logits),
      s.length,
    ),
    score: Math.max(...members.map((k) => kept[k]!.score)),
  }));
  return {
    semantic: unionLogits(
      instances.map(({ logits }) => logits),
      s.length,
    ),
    instances,
  };
}
