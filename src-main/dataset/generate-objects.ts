/** @file What a model is told about an image: which class is asked about, and the numbered list of objects. Pure. */
import type { LabelledBox } from '../contract/methods-generate.ts';
import type { CoordinateConvention } from '../contract/pack.ts';

/** Longer lists help no model and cost tokens; the class that is asked about is never cut. */
export const maxListed = 60;

export type TargetClass = { readonly categoryId: number; readonly name: string; readonly count: number };
type Size = { readonly width: number; readonly height: number };

/**
 * The classes that an image is asked about, the one with the most objects first; those with fewer than `minInstances`
 * are left out. Ties go to the smaller id, so that the same project gives the same questions.
 */
export function targetClasses(
  counts: readonly TargetClass[],
  which: 'main' | 'each',
  minInstances: number,
): TargetClass[] {
  const fit = counts
    .filter(({ count }) => count >= minInstances)
    .toSorted((a, b) => b.count - a.count || a.categoryId - b.categoryId);
  return which === 'main' ? fit.slice(0, 1) : fit;
}

/** The objects in the order of the list: those of the class first, then the others from large to small. */
export function listedObjects(boxes: readonly LabelledBox[], className: string | null): LabelledBox[] {
  const area = ({ bbox }: LabelledBox) => bbox[2] * bbox[3];
  const ordered = boxes.toSorted(
    (a, b) =>
      Number(b.category === className) - Number(a.category === className) ||
      area(b) - area(a) ||
      a.instanceId - b.instanceId,
  );
  const ofClass = boxes.filter(({ category }) => category === className).length;
  return ordered.slice(0, Math.max(maxListed, ofClass));
}

/**
 * The list as text, a line an object, boxes written as the model itself writes coordinates. Pixels are those of the
 * picture as sent.
 */
export function objectLines(
  objects: readonly LabelledBox[],
  image: Size,
  sent: Size,
  convention: CoordinateConvention,
): string {
  const { space, scale, order, boxForm } = convention;
  const unit = space === 'pixels' ? 'pixels of this picture' : `0 to ${scale}, relative to the sides`;
  const names = order === 'xy' ? ['x', 'y'] : ['y', 'x'];
  const far = boxForm === 'xyxy' ? names.map((name) => `${name}2`) : order === 'xy' ? ['width', 'height'] : ['height', 'width']; // biome-ignore format: one line
  const head = `(boxes are [${[...names.map((name) => (boxForm === 'xyxy' ? `${name}1` : name)), ...far].join(', ')}], ${unit})`;
  const lines = objects.map(({ category, bbox: [x, y, w, h] }, index) => {
    const sx = (space === 'pixels' ? sent.width : scale) / image.width;
    const sy = (space === 'pixels' ? sent.height : scale) / image.height;
    const near = [x * sx, y * sy];
    const end = boxForm === 'xyxy' ? [(x + w) * sx, (y + h) * sy] : [w * sx, h * sy];
    const swap = ([a, b]: readonly number[]) => (order === 'xy' ? [a!, b!] : [b!, a!]);
    const numbers = [...swap(near), ...swap(end)].map((value) => shown(value, space === 'pixels' ? 1 : scale));
    return `${index + 1}. ${category} [${numbers.join(', ')}]`;
  });
  return lines.length === 0 ? '' : [head, ...lines].join('\n');
}

/** Whole numbers, except on a scale of 0 to 1. */
const shown = (value: number, scale: number): string => (scale > 1 || value > 1 ? value.toFixed(0) : value.toFixed(3));
