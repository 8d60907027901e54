/** @file How many instances of each class an image has, how large they are, and how they crowd. */
import type { Columns } from './select-columns.ts';
import type { Group } from './select-index.ts';

/** Pairs grow with the square: of an image with more annotations the first ones tell how they lie. */
const mostPaired = 1000;

type Tally = { count: number; min: number; max: number; overlap: number; touched: number; crowd: boolean };

/** Groups of the annotations `first` to before `last`, by class. @param pixels of the image. */
export function groupsOf(columns: Columns, first: number, last: number, pixels: number): Group[] {
  const tallies = new Map<number, Tally>();
  for (let i = first; i < last; i++) {
    const tally = tallyOf(tallies, columns.category[i]!);
    if (columns.crowd[i]) {
      tally.crowd = true;
      continue;
    }
    const share = Math.min(1, columns.area[i]! / pixels);
    tally.count += 1;
    tally.min = Math.min(tally.min, share);
    tally.max = Math.max(tally.max, share);
  }
  countPairs(columns, first, Math.min(last, first + mostPaired), tallies);
  const groups = [...tallies].map(([category, { count, min, max, overlap, touched, crowd }]) => ({
    category,
    count,
    minShare: count > 0 ? min : 0,
    maxShare: max,
    overlap,
    crowding: count > 0 ? touched / Math.min(count, mostPaired) : 0,
    crowd,
  }));
  return groups.sort((a, b) => a.category - b.category);
}

function tallyOf(tallies: Map<number, Tally>, category: number): Tally {
  let tally = tallies.get(category);
  if (!tally) {
    tally = { count: 0, min: 1, max: 0, overlap: 0, touched: 0, crowd: false };
    tallies.set(category, tally);
  }
  return tally;
}

function countPairs({ boxes, category, crowd }: Columns, first: number, last: number, tallies: Map<number, Tally>) {
  for (let i = first; i < last; i++) {
    if (crowd[i]) continue;
    for (let j = i + 1; j < last; j++) {
      if (crowd[j]) continue;
      const shared = intersection(boxes, 4 * i, 4 * j);
      if (shared <= 0) continue;
      const [a, b] = [tallies.get(category[i]!)!, tallies.get(category[j]!)!];
      a.touched += 1;
      b.touched += 1;
      if (a !== b) continue;
      const union = sizeOf(boxes, 4 * i) + sizeOf(boxes, 4 * j) - shared;
      a.overlap = Math.max(a.overlap, shared / union);
    }
  }
}

const sizeOf = (boxes: Float32Array, at: number): number => boxes[at + 2]! * boxes[at + 3]!;

/** Area that two boxes share. @param a @param b where they begin in `boxes`. */
function intersection(boxes: Float32Array, a: number, b: number): number {
  const left = Math.max(boxes[a]!, boxes[b]!);
  const top = Math.max(boxes[a + 1]!, boxes[b + 1]!);
  const right = Math.min(boxes[a]! + boxes[a + 2]!, boxes[b]! + boxes[b + 2]!);
  const bottom = Math.min(boxes[a + 1]! + boxes[a + 3]!, boxes[b + 1]! + boxes[b + 3]!);
  return right <= left || bottom <= top ? 0 : (right - left) * (bottom - top);
}
