/**
 * @file Undo and redo, image by image, for as long as a project is open: on this side of the border, so that a page
 * that is loaded anew, and a second page, have the same steps. A step is the diff that takes a change back; taking a
 * step is a change of its own, on disk like any other.
 */
import type { Diff } from '../contract/diff.ts';
import type { History } from '../contract/methods-annotate.ts';

/** Steps that are kept of one image, and about as many bytes of all images together; the oldest go first. */
export const maxSteps = 200;
export const maxBytes = 128 * 2 ** 20;

export type Direction = 'undo' | 'redo';
/** `what` is the change that is taken back or brought back; `age` counts steps as they were kept. */
type Step = { readonly what: string; readonly diff: Diff; readonly bytes: number; readonly age: number };
/** The last of a list is the next to be taken. */
type Steps = Readonly<Record<Direction, Step[]>>;

export type Histories = { readonly images: Map<number, Steps>; bytes: number; nextAge: number };

export const createHistories = (): Histories => ({ images: new Map(), bytes: 0, nextAge: 1 });

/** What undo and redo would do next. */
export function historyOf({ images }: Histories, imageId: number | null): History {
  const steps = imageId === null ? undefined : images.get(imageId);
  return { undo: steps?.undo.at(-1)?.what ?? null, redo: steps?.redo.at(-1)?.what ?? null };
}

/** The step that would be taken; it stays where it is until `turnStep`. */
export function nextStep({ images }: Histories, imageId: number, direction: Direction): Step | undefined {
  return images.get(imageId)?.[direction].at(-1);
}

/** Keeps a change of an image as the next step of undo. What was taken back before cannot be brought back any more. */
export function keepStep(histories: Histories, imageId: number, what: string, inverse: Diff): void {
  const steps = stepsOf(histories, imageId);
  for (const { bytes } of steps.redo.splice(0)) histories.bytes -= bytes;
  push(histories, steps.undo, what, inverse);
}

/** After the next step was taken: the way back from there, `inverse`, becomes the next step of the other direction. */
export function turnStep(histories: Histories, imageId: number, direction: Direction, inverse: Diff): void {
  const steps = stepsOf(histories, imageId);
  const taken = steps[direction].pop()!;
  histories.bytes -= taken.bytes;
  push(histories, steps[direction === 'undo' ? 'redo' : 'undo'], taken.what, inverse);
}

function stepsOf({ images }: Histories, imageId: number): Steps {
  const known = images.get(imageId);
  if (known) return known;
  const steps = { undo: [], redo: [] };
  images.set(imageId, steps);
  return steps;
}

function push(histories: Histories, list: Step[], what: string, diff: Diff): void {
  // Nearly all of a diff is the text of masks, one byte a character.
  const step = { what, diff, bytes: JSON.stringify(diff).length, age: histories.nextAge++ };
  list.push(step);
  histories.bytes += step.bytes;
  if (list.length > maxSteps) histories.bytes -= list.shift()!.bytes;
  while (histories.bytes > maxBytes) histories.bytes -= dropOldest(histories);
}

/** Drops the step that was kept longest ago, of those that nothing lies beneath, and answers its bytes. */
function dropOldest({ images }: Histories): number {
  const lists = [...images.values()].flatMap(({ undo, redo }) => [undo, redo]).filter((list) => list.length > 0);
  const oldest = lists.reduce((a, b) => (b[0]!.age < a[0]!.age ? b : a));
  return oldest.shift()!.bytes;
}
