/** @file Rectangles of whole pixels, [x1, x2) x [y1, y2): what has to be drawn again. */
export type Rect = { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number };

export const rectOf = (width: number, height: number): Rect => ({ x1: 0, y1: 0, x2: width, y2: height });

export const isEmpty = ({ x1, y1, x2, y2 }: Rect): boolean => x1 >= x2 || y1 >= y2;

export const areaOf = (rect: Rect): number => (isEmpty(rect) ? 0 : (rect.x2 - rect.x1) * (rect.y2 - rect.y1));

/** The smallest rectangle around both; null stands for nothing. */
export function union(a: Rect | null, b: Rect | null): Rect | null {
  if (a === null || isEmpty(a)) return b === null || isEmpty(b) ? null : b;
  if (b === null || isEmpty(b)) return a;
  return {
    x1: Math.min(a.x1, b.x1),
    y1: Math.min(a.y1, b.y1),
    x2: Math.max(a.x2, b.x2),
    y2: Math.max(a.y2, b.y2),
  };
}

/** What both cover; null when that is nothing. */
export function intersection(a: Rect, b: Rect): Rect | null {
  const both = {
    x1: Math.max(a.x1, b.x1),
    y1: Math.max(a.y1, b.y1),
    x2: Math.min(a.x2, b.x2),
    y2: Math.min(a.y2, b.y2),
  };
  return isEmpty(both) ? null : both;
}

export const contains = (a: Rect, b: Rect): boolean => a.x1 <= b.x1 && a.y1 <= b.y1 && a.x2 >= b.x2 && a.y2 >= b.y2;

/** Whole pixels around bounds that may have fractions, with `margin` more at each side. */
export const around = (x1: number, y1: number, x2: number, y2: number, margin = 0): Rect => ({
  x1: Math.floor(x1 - margin),
  y1: Math.floor(y1 - margin),
  x2: Math.ceil(x2 + margin),
  y2: Math.ceil(y2 + margin),
});
