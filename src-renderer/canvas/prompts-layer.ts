/** @file Draws what the hand is at: the highlighted mask, prompt points and boxes, the box being dragged, the brush. */
import type { Box } from '../../src-main/contract/segmentation.ts';
import { promptColours } from '../document/colours.ts';
import { type Outline, pathOf } from '../worker/outline.ts';
import { around, type Rect } from './rect.ts';
import type { Frame, Layer } from './stage.ts';
import type { CanvasPrompts } from './types.ts';
import type { At } from './viewport.ts';

/** CSS pixels: of a prompt point, and how near a click has to be. */
const pointRadius = 7;
export const pointReach = 10;

export type Brush = { readonly at: At; readonly diameter: number; readonly erases: boolean };

export type Hand = {
  readonly prompts: CanvasPrompts;
  readonly draft: Box | null;
  readonly brush: Brush | null;
  readonly highlight: Outline | null;
  readonly hidden: boolean;
};

export const handLayer =
  (hand: () => Hand): Layer =>
  (frame) => {
    const { prompts, draft, brush, highlight, hidden } = hand();
    const { context, view, ratio, origin } = frame;
    if (!hidden && highlight !== null) drawHighlight(frame, highlight);
    // From here in CSS pixels: marks keep their size.
    context.setTransform(ratio, 0, 0, ratio, origin.x * ratio, origin.y * ratio);
    context.globalAlpha = 1;
    if (!hidden) {
      if (prompts.box !== null) drawBox(context, prompts.box, view.zoom, []);
      for (const [x, y, label] of prompts.points) drawPoint(context, x * view.zoom, y * view.zoom, label);
    }
    if (draft !== null) drawBox(context, draft, view.zoom, [5, 4]);
    if (brush !== null) drawBrush(context, brush, view.zoom);
  };

/** CSS pixels that the brush's circle covers. */
export function brushBounds(brush: Brush, zoom: number, origin: At): Rect {
  const x = brush.at.x * zoom + origin.x;
  const y = brush.at.y * zoom + origin.y;
  return around(x, y, x, y, (brush.diameter / 2) * zoom + 8);
}

function drawHighlight({ context, view, ratio }: Frame, outline: Outline): void {
  const path = pathOf(outline, view.zoom * ratio);
  context.globalAlpha = 0.18;
  context.fillStyle = '#ffffff';
  context.fill(path, 'evenodd');
  context.globalAlpha = 1;
  context.lineJoin = 'round';
  context.lineWidth = 5 / view.zoom;
  context.strokeStyle = '#000000';
  context.stroke(path);
  context.lineWidth = 2.5 / view.zoom;
  context.strokeStyle = '#ffffff';
  context.stroke(path);
}

function drawPoint(context: CanvasRenderingContext2D, x: number, y: number, label: 0 | 1): void {
  context.beginPath();
  context.arc(x, y, pointRadius, 0, 2 * Math.PI);
  context.fillStyle = label === 1 ? promptColours.positive : promptColours.negative;
  context.fill();
  context.lineWidth = 3;
  context.strokeStyle = '#00000099';
  context.stroke();
  context.lineWidth = 1.75;
  context.strokeStyle = '#ffffff';
  context.stroke();
  context.beginPath();
  context.moveTo(x - 3.5, y);
  context.lineTo(x + 3.5, y);
  if (label === 1) {
    context.moveTo(x, y - 3.5);
    context.lineTo(x, y + 3.5);
  }
  context.stroke();
}

function drawBox(context: CanvasRenderingContext2D, [x1, y1, x2, y2]: Box, zoom: number, dash: number[]): void {
  const rect = [x1 * zoom, y1 * zoom, (x2 - x1) * zoom, (y2 - y1) * zoom] as const;
  context.setLineDash([]);
  context.lineWidth = 4;
  context.strokeStyle = '#ffffff';
  context.strokeRect(...rect);
  context.setLineDash(dash);
  context.lineWidth = 2;
  context.strokeStyle = promptColours.box;
  context.strokeRect(...rect);
  context.setLineDash([]);
}

/** A circle of true size; one of a pixel or two on the screen gets a cross around it, so that it can be found. */
function drawBrush(context: CanvasRenderingContext2D, { at, diameter, erases }: Brush, zoom: number): void {
  const [x, y, radius] = [at.x * zoom, at.y * zoom, (diameter / 2) * zoom];
  context.beginPath();
  context.arc(x, y, Math.max(0.5, radius), 0, 2 * Math.PI);
  if (radius < 3) {
    for (const [dx, dy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const) {
      context.moveTo(x + dx * (radius + 2), y + dy * (radius + 2));
      context.lineTo(x + dx * (radius + 6), y + dy * (radius + 6));
    }
  }
  context.lineWidth = 3;
  context.strokeStyle = '#000000a0';
  context.stroke();
  context.setLineDash(erases ? [4, 3] : []);
  context.lineWidth = 1.25;
  context.strokeStyle = '#ffffff';
  context.stroke();
  context.setLineDash([]);
}
