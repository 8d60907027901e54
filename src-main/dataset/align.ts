/**
 * @file Mask alignment (paper, section 5, step 4): which of an image's masks answer a query. Candidates are ranked by how
 * well they lie in the model's reference mask, Eq. 8: overlap(M, B) = |M and B| / |M|. Pure.
 */
import type { Rle } from '../contract/mask.ts';
import { containment, iou, overlap as overlapOf, subtract, unionAll } from '../mask/boolean.ts';

/** Of the paper's section 4.5: a mask whose overlap is higher belongs to the answer. */
export const paperThreshold = 0.7;

/**
 * Eq. 8 is 1 for every small thing that lies on the answer: a tie on a person. So larger masks take their part of the
 * reference first, and a mask must be seen in what they leave, by more than half of itself and by a hundredth of the
 * reference (docs/dataset.md has what that does).
 */
const mostlyIn = 0.5;
const leastShare = 0.01;

/** A proposal that agrees more than this with an annotated mask is that thing, drawn worse. */
const sameThing = 0.5;

export type MaskToAlign = { readonly id: number; readonly rle: Rle; readonly area: number };

export type RankedMask = {
  readonly kind: 'instance' | 'proposal';
  readonly id: number;
  /** Eq. 8; null without a reference mask. */
  readonly overlap: number | null;
  /** The part of it that lies in the reference and in no larger mask that does; 0 for a speck; null without a reference. */
  readonly adds: number | null;
  /** Of a proposal: the instance that shows the same thing, and how far the two agree (IoU). */
  readonly coveredBy: { readonly instanceId: number; readonly iou: number } | null;
};

/** What the model thinks is meant: the semantic mask of its run where that is kept, else all that it offered. */
export function referenceMask(semantic: Rle | null, offered: readonly Rle[]): Rle | null {
  if (semantic) return semantic;
  return offered.length > 0 ? unionAll(offered) : null;
}

/**
 * All candidates, best first: those that add to the answer, then parts of them, in both by overlap, larger ones first where
 * that is equal; then proposals whose thing is among the instances. Without a reference by size alone.
 */
export function rankMasks(
  instances: readonly MaskToAlign[],
  proposals: readonly MaskToAlign[],
  reference: Rle | null,
): RankedMask[] {
  const entries = [
    ...instances.map((mask) => ({ mask, kind: 'instance' as const, coveredBy: null })),
    ...proposals.map((mask) => ({ mask, kind: 'proposal' as const, coveredBy: coverOf(mask, instances) })),
  ].map((entry) => ({ ...entry, overlap: reference ? containment(entry.mask.rle, reference) : null }));
  const adds = reference ? additions(entries, reference) : null;
  const ranked = entries.map((entry) => ({ ...entry, adds: adds ? (adds.get(entry.mask) ?? 0) : null }));
  const isPart = (entry: (typeof ranked)[number]) => Number((entry.adds ?? 1) <= mostlyIn);
  return ranked
    .sort(
      (a, b) =>
        Number(a.coveredBy !== null) - Number(b.coveredBy !== null) ||
        isPart(a) - isPart(b) ||
        (b.overlap ?? 0) - (a.overlap ?? 0) ||
        b.mask.area - a.mask.area ||
        a.mask.id - b.mask.id,
    )
    .map(({ mask, ...rest }) => ({ ...rest, id: mask.id }));
}

/** What each mask that lies mostly in the reference adds to those that cover more of it. */
function additions(
  entries: readonly (Pick<RankedMask, 'kind' | 'overlap' | 'coveredBy'> & { mask: MaskToAlign })[],
  reference: Rle,
): Map<MaskToAlign, number> {
  const added = new Map<MaskToAlign, number>();
  const { areaB: total } = overlapOf(reference, reference);
  const inside = entries
    .filter(({ overlap, coveredBy }) => (overlap ?? 0) > mostlyIn && coveredBy === null)
    .map(({ mask, kind }) => ({ mask, kind, both: overlapOf(mask.rle, reference).both }))
    // What people have drawn first: a proposal of three birds must not take the place of each.
    .sort((a, b) => Number(a.kind === 'proposal') - Number(b.kind === 'proposal') || b.both - a.both);
  let rest = reference;
  for (const { mask, both } of inside) {
    if (both <= leastShare * total) continue;
    const part = containment(mask.rle, rest);
    added.set(mask, part);
    if (part > mostlyIn) rest = subtract(rest, mask.rle);
  }
  return added;
}

function coverOf({ rle }: MaskToAlign, instances: readonly MaskToAlign[]): RankedMask['coveredBy'] {
  let best: RankedMask['coveredBy'] = null;
  for (const instance of instances) {
    const agreement = iou(rle, instance.rle);
    if (agreement > sameThing && agreement > (best?.iou ?? 0)) best = { instanceId: instance.id, iou: agreement };
  }
  return best;
}

/** "rank" and "sort" only where somebody is told to: "what sort of tool" and "the largest of its sort" ask for no order. */
const orderVerbs =
  /(?:^|[.,;:!?]\s+|\b(?:and|please|to|then|you|now|must|should|us)\s+)(?:rank|sort)\b|\b(?:rank|sort)(?:ed|ing)\b/i;
/** Not "in order to reach it". */
const orderWords =
  /\b(?:in (?:the |ascending |descending |increasing |decreasing )?order(?! to\b)|order(?:ed)? (?:them|these|by|from)\b)/i;
const extreme =
  '(?:the )?(?:most|least|left|right|near|clos|far|small|larg|big|great|short|long|tall|old|young|new|low|high|bright|dark|light|heav|first|last|top|bottom|front|back|thin|thick|fast|slow|cold|warm|hot)';
/** "from the oldest to the newest", not "from the left who wants to cross". */
const orderEnds = new RegExp(`\\bfrom ${extreme}\\w*\\b.{0,40}?\\bto ${extreme}`, 'i');

/** Whether a query asks for an order of what it asks for ("... in order of height"). English only; people can always say so. */
export const asksForOrder = (text: string): boolean =>
  [orderWords, orderVerbs, orderEnds].some((words) => words.test(text.trim()));
