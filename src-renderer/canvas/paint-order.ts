/** @file Which part of the image to have the committed masks drawn for, and whether what was drawn still serves. Pure. */
import type { MaskLook, PaintOrder } from '../worker/messages.ts';
import type { View } from './types.ts';
import { matrixOf, type Size } from './viewport.ts';

/** Around the screen, so that a pan finds masks there; CSS pixels. */
const margin = 192;
/** Around the image, for outlines and chips on its edge; CSS pixels. */
const overhang = 24;

/** Device pixels that are seen of the image with what hangs over its edge, from image point (0, 0); null: nothing. */
function seen(view: View, screen: Size, ratio: number, image: Size, room: number) {
  const [zoom, , , , x, y] = matrixOf(view, screen, ratio);
  const [left, top] = [Math.round(-x * ratio), Math.round(-y * ratio)];
  const over = Math.ceil(overhang * ratio);
  const x1 = Math.max(left - room, -over);
  const y1 = Math.max(top - room, -over);
  const x2 = Math.min(left + Math.ceil(screen.width * ratio) + room, Math.ceil(image.width * zoom * ratio) + over);
  const y2 = Math.min(top + Math.ceil(screen.height * ratio) + room, Math.ceil(image.height * zoom * ratio) + over);
  return x1 < x2 && y1 < y2 ? { x1, y1, x2, y2 } : null;
}

/** The order for a view; its corner lies on a device pixel, so that the bitmap is shown pixel for pixel. null: nothing is seen. */
export function orderFor(view: View, screen: Size, ratio: number, image: Size, look: MaskLook): PaintOrder | null {
  const part = seen(view, screen, ratio, image, Math.ceil(margin * ratio));
  if (part === null) return null;
  const zoom = view.zoom * ratio;
  return {
    x: part.x1 / zoom,
    y: part.y1 / zoom,
    zoom,
    ratio,
    width: part.x2 - part.x1,
    height: part.y2 - part.y1,
    look,
  };
}

/** Whether a bitmap of that order shows a view pixel for pixel and to all sides. */
export function serves(
  order: PaintOrder,
  view: View,
  screen: Size,
  ratio: number,
  image: Size,
  look: MaskLook,
): boolean {
  const zoom = view.zoom * ratio;
  if (order.zoom !== zoom || order.ratio !== ratio || order.look !== look) return false;
  const part = seen(view, screen, ratio, image, 0);
  if (part === null) return true;
  const [x, y] = [Math.round(order.x * zoom), Math.round(order.y * zoom)];
  return part.x1 >= x && part.y1 >= y && part.x2 <= x + order.width && part.y2 <= y + order.height;
}
