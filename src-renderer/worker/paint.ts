/** @file Draws the committed masks on one bitmap: fills, outlines of constant width on the screen, chips on top. */
import type { MaskLook, PaintOrder } from './messages.ts';
import { pathOf } from './outline.ts';
import type { Shape } from './shapes.ts';

/** CSS pixels. */
const outlineWidth = 2;
const dash = [6, 4];
const chipHeight = 16;

/** With more chips than this in view small masks go without: their numbers would cover the photo. */
const crowd = 40;

/** Room around a mask for its outline and chip, CSS pixels. */
const reach = 24;

export function paint(context: OffscreenCanvasRenderingContext2D, shapes: Iterable<Shape>, order: PaintOrder): void {
  const { x, y, zoom, ratio, width, height, look } = order;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  context.lineJoin = 'bevel'; // at two pixels' width as good as round, and cheaper
  const room = (reach * ratio) / zoom;
  const right = x + width / zoom + room;
  const bottom = y + height / zoom + room;
  const visible: Shape[] = [];
  for (const shape of shapes) {
    const [x1, y1, x2, y2] = shape.box;
    if (x1 < right && y1 < bottom && x2 > x - room && y2 > y - room && x2 > x1) visible.push(shape);
  }
  context.setTransform(zoom, 0, 0, zoom, -x * zoom, -y * zoom);
  for (const shape of visible) paintMask(context, shape, zoom, ratio, look);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalAlpha = 1;
  context.setLineDash([]);
  const isCrowded = visible.filter(({ look }) => look.label !== null).length > crowd;
  for (const shape of visible) {
    const { label, colour } = shape.look;
    if (label === null || (isCrowded && !isRoomy(shape, zoom, ratio))) continue;
    const at = chipCentre(shape, zoom, ratio);
    paintChip(context, label, colour, at.x - x * zoom, at.y - y * zoom, ratio);
  }
}

function paintMask(
  context: OffscreenCanvasRenderingContext2D,
  shape: Shape,
  zoom: number,
  ratio: number,
  { fillOpacity, outlineOpacity, highContrast }: MaskLook,
): void {
  const { colour, kind } = shape.look;
  const strength = kind === 'other' ? 0.45 : 1;
  const path = pathOf(shape, zoom);
  const pixel = ratio / zoom; // a CSS pixel in image pixels
  if (fillOpacity > 0 && kind !== 'choice') {
    context.globalAlpha = fillOpacity * strength;
    context.fillStyle = colour;
    context.fill(path, 'evenodd');
  }
  if (outlineOpacity === 0) return;
  context.globalAlpha = outlineOpacity * strength;
  if (highContrast) {
    context.setLineDash([]);
    context.lineWidth = (outlineWidth + 2.5) * pixel;
    context.strokeStyle = '#000000';
    context.stroke(path);
  }
  const isDashed = kind === 'proposal' || kind === 'choice';
  context.setLineDash(isDashed ? dash.map((length) => length * pixel) : []);
  context.lineWidth = (highContrast ? outlineWidth + 0.5 : outlineWidth) * pixel;
  context.strokeStyle = highContrast && isDashed ? '#ffffff' : colour;
  context.stroke(path);
}

/** Whether a mask is large enough on the screen to carry its chip. */
const isRoomy = ({ box: [x1, y1, x2, y2] }: Pick<Shape, 'box'>, zoom: number, ratio: number): boolean =>
  Math.min(x2 - x1, y2 - y1) * zoom >= 1.75 * chipHeight * ratio;

/** Device pixels from image point (0, 0). A chip would hide a mask of its own size, so it stands above such a one. */
export function chipCentre(shape: Pick<Shape, 'box' | 'chip'>, zoom: number, ratio: number) {
  const { box, chip } = shape;
  if (isRoomy(shape, zoom, ratio)) return { x: chip.x * zoom, y: chip.y * zoom };
  const [x1, y1, x2] = box;
  return { x: ((x1 + x2) / 2) * zoom, y: y1 * zoom - (chipHeight * ratio) / 2 - (outlineWidth + 1) * ratio };
}

function paintChip(
  context: OffscreenCanvasRenderingContext2D,
  label: string,
  colour: string,
  x: number,
  y: number,
  ratio: number,
): void {
  const height = chipHeight * ratio;
  const fontSize = Math.round(11 * ratio);
  context.font = `600 ${fontSize}px system-ui, sans-serif`;
  const width = Math.max(height, context.measureText(label).width + 8 * ratio);
  context.beginPath();
  context.roundRect(Math.round(x - width / 2), Math.round(y - height / 2), width, height, height / 2);
  context.fillStyle = colour;
  context.fill();
  const dark = isLight(colour);
  context.lineWidth = ratio;
  context.strokeStyle = dark ? '#000000b0' : '#ffffffd0';
  context.stroke();
  context.fillStyle = dark ? '#000000' : '#ffffff';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(label, Math.round(x - width / 2) + width / 2, Math.round(y - height / 2) + height / 2 + ratio * 0.5);
}

/** Whether black reads better than white on a colour: relative luminance above 0.18 (WCAG 2.2, contrast of 4.58 either way). */
export function isLight(colour: string): boolean {
  const value = Number.parseInt(colour.slice(1), 16);
  const [r, g, b] = [value >> 16, (value >> 8) & 255, value & 255].map((part) => {
    const s = part / 255;
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179;
}
