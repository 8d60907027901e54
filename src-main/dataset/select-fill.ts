/**
 * @file Filling quotas: every class gets as many images as it wants, or as there are. Greedy and balanced: the class
 * that is furthest behind is served next, and among equals the rarest, with an image drawn by the seed. An image counts
 * for one class. Where a class runs out, images are passed on between classes until nobody can be helped (augmenting
 * paths, as for bipartite matching), so a class that stays short has no more images to give.
 */
import { seededKey } from './seeded.ts';

export type Candidate = {
  readonly image: number;
  /** What the draw goes by: the same image gets the same place wherever it stands in a file. */
  readonly key: string;
  /** Classes that it may count for. */
  readonly categories: readonly number[];
};
export type Pick = { readonly image: number; readonly category: number };

export type FillOptions = {
  /** Images wanted of a class; Infinity for no bound. */
  readonly quotaOf: (category: number) => number;
  /** Of all classes together, those that are taken already among them. */
  readonly total: number;
  readonly seed: number;
  /** Kept by hand, or in the project: they count, and are not given another class. */
  readonly taken: readonly Pick[];
};

/** Picks beside those that are taken, in the order of being drawn. The same input gives the same picks. */
export function fillQuotas(candidates: readonly Candidate[], options: FillOptions): Pick[] {
  const { quotaOf, total, seed, taken } = options;
  const fill = newFill(candidates, taken, seed);
  const { pools, counts, chosen } = fill;
  const open = new Set(pools.keys());
  const isFull = (category: number) => (counts.get(category) ?? 0) >= quotaOf(category);
  while (chosen.size + taken.length < total) {
    const category = furthestBehind(fill, open, quotaOf);
    if (category === null) break;
    const image = takeFree(fill, category);
    if (image !== null) give(fill, image, category);
    else if (!passOn(fill, category)) open.delete(category);
    if (isFull(category)) open.delete(category);
  }
  return [...chosen].map(([image, category]) => ({ image, category }));
}

type Fill = {
  /** Images of a class in the order of the draw; those before `next` are taken. */
  readonly pools: Map<number, { readonly images: readonly number[]; next: number }>;
  /** Images of a class so far. */
  readonly counts: Map<number, number>;
  readonly chosen: Map<number, number>;
  readonly takenImages: ReadonlySet<number>;
  readonly categoriesOf: ReadonlyMap<number, readonly number[]>;
};

function newFill(candidates: readonly Candidate[], taken: readonly Pick[], seed: number): Fill {
  const drawn = candidates
    .map((candidate) => ({ candidate, order: seededKey(seed, candidate.key) }))
    .sort((a, b) => a.order - b.order || (a.candidate.key < b.candidate.key ? -1 : 1));
  const images = new Map<number, number[]>();
  for (const { candidate } of drawn) {
    for (const category of candidate.categories) {
      const list = images.get(category);
      if (list) list.push(candidate.image);
      else images.set(category, [candidate.image]);
    }
  }
  const counts = new Map<number, number>();
  for (const { category } of taken) counts.set(category, (counts.get(category) ?? 0) + 1);
  return {
    pools: new Map([...images].map(([category, list]) => [category, { images: list, next: 0 }])),
    counts,
    chosen: new Map(),
    takenImages: new Set(taken.map(({ image }) => image)),
    categoriesOf: new Map(candidates.map(({ image, categories }) => [image, categories])),
  };
}

/** The open class with the smallest part of its quota; among equals the one with the fewest images, then the first. */
function furthestBehind({ pools, counts }: Fill, open: Set<number>, quotaOf: FillOptions['quotaOf']): number | null {
  let best: { category: number; part: number; supply: number } | null = null;
  for (const category of open) {
    const [count, quota, supply] = [counts.get(category) ?? 0, quotaOf(category), pools.get(category)!.images.length];
    if (count >= quota) continue;
    // Without a bound all quotas are the same, and the count is what is compared.
    const part = Number.isFinite(quota) ? count / quota : count;
    const earlier =
      !best ||
      part < best.part ||
      (part === best.part && (supply < best.supply || (supply === best.supply && category < best.category)));
    if (earlier) best = { category, part, supply };
  }
  return best?.category ?? null;
}

/** The next image of the class that nobody has; null where all are taken. */
function takeFree({ pools, chosen, takenImages }: Fill, category: number): number | null {
  const pool = pools.get(category)!;
  for (; pool.next < pool.images.length; pool.next++) {
    const image = pool.images[pool.next]!;
    if (!chosen.has(image) && !takenImages.has(image)) return image;
  }
  return null;
}

function give({ counts, chosen }: Fill, image: number, category: number): void {
  const before = chosen.get(image);
  if (before !== undefined) counts.set(before, counts.get(before)! - 1);
  chosen.set(image, category);
  counts.set(category, (counts.get(category) ?? 0) + 1);
}

/** Gets the class an image of another class, which takes a free one instead, or one of a third class, and so on. */
function passOn(fill: Fill, category: number): boolean {
  /** For each class that was reached: which image it would give to whom. */
  const reached = new Map<number, { image: number; to: number } | null>([[category, null]]);
  for (const to of reached.keys()) {
    const free = takeFree(fill, to);
    if (free !== null) {
      let [image, at] = [free, to];
      for (let step = reached.get(at); ; step = reached.get(at)) {
        give(fill, image, at);
        if (!step) return true;
        [image, at] = [step.image, step.to];
      }
    }
    for (const [image, from] of fill.chosen) {
      if (reached.has(from) || !fill.categoriesOf.get(image)!.includes(to)) continue;
      reached.set(from, { image, to });
    }
  }
  return false;
}
