/** @file What gestures do to the image: prompts, strokes, picks, and the brush's mark under the pointer. */
import type { Box } from '../../src-main/contract/segmentation.ts';
import type { Active } from './active.ts';
import type { GestureTarget } from './gestures.ts';
import { nearestPoint } from './hit-test.ts';
import { type Brush, pointReach } from './prompts-layer.ts';
import type { CanvasEvents } from './types.ts';
import type { ViewState } from './view-state.ts';
import { type At, clamp } from './viewport.ts';

export type HandScene = {
  readonly toImage: (at: At) => At;
  readonly hit: (x: number, y: number) => string | null;
  readonly active: Active;
  readonly setBrushMark: (brush: Brush | null) => void;
  readonly redraw: () => void;
  readonly panBy: (dx: number, dy: number) => void;
  readonly zoomBy: (factor: number, at: At) => void;
  readonly setCursor: (cursor: string) => void;
};

/** The second press of a double click comes within this time and distance: it must not remove the point of the first. */
const doublePress = { milliseconds: 500, pixels: 6 };

export function handTarget(state: ViewState, events: CanvasEvents, scene: HandScene): GestureTarget {
  let lastPress = { at: { x: 0, y: 0 }, time: Number.NEGATIVE_INFINITY };
  let brushBefore = 1;

  /** Points beside the image belong to its edge: no click is refused. */
  const inImage = (at: At): At => {
    const { x, y } = scene.toImage(at);
    const { width, height } = state.image ?? { width: 0, height: 0 };
    return { x: clamp(x, 0, width), y: clamp(y, 0, height) };
  };
  /** A point names a pixel: on the right and bottom edges the last one. */
  const pointIn = (at: At): At => {
    const { x, y } = inImage(at);
    const { width, height } = state.image ?? { width: 1, height: 1 };
    return { x: x >= width ? width - 0.5 : x, y: y >= height ? height - 0.5 : y };
  };
  const isOverImage = ({ x, y }: At) =>
    state.image !== null && x >= 0 && y >= 0 && x < state.image.width && y < state.image.height;
  const boxOf = (from: At, to: At): Box => {
    const [a, b] = [inImage(from), inImage(to)];
    return [Math.min(a.x, b.x), Math.min(a.y, b.y), Math.max(a.x, b.x), Math.max(a.y, b.y)];
  };
  const setDraft = (draft: ViewState['draft']) => {
    state.draft = draft;
    scene.redraw();
  };
  const paints = () => state.tool === 'brush' || state.tool === 'eraser';
  const tellHover = (id: string | null) => {
    if (id === state.hovered) return;
    state.hovered = id;
    events.onHover?.(id);
  };

  return {
    tool: () => state.tool,
    onPress: (at, label, modifiers) => {
      if (state.image === null) return;
      const { x, y } = pointIn(at);
      const time = performance.now();
      const near = Math.hypot(at.x - lastPress.at.x, at.y - lastPress.at.y) <= doublePress.pixels;
      if (near && time - lastPress.time <= doublePress.milliseconds) return;
      lastPress = { at, time };
      const index = state.options.hidden ? -1 : nearestPoint(state.prompts.points, x, y, pointReach / state.view.zoom);
      if (index >= 0) events.onPromptPoint?.(index);
      else events.onPoint?.(x, y, label, modifiers);
    },
    onPick: (at, modifiers) => {
      const { x, y } = scene.toImage(at);
      if (state.image !== null) events.onPick?.(scene.hit(x, y), modifiers);
    },
    onBoxDrag: (from, to) => {
      if (state.image !== null) setDraft(boxOf(from, to));
    },
    onBoxEnd: (from, to, modifiers) => {
      if (state.image === null) return;
      setDraft(null);
      const box = boxOf(from, to);
      if (box[0] < box[2] && box[1] < box[3]) events.onBox?.(box, modifiers);
    },
    onStrokeBegin: (at, erases) => {
      if (state.image === null || state.options.hidden) return;
      scene.active.begin(scene.toImage(at), state.diameter, erases);
    },
    onStrokeMove: (to) => {
      for (const at of to) scene.active.move(scene.toImage(at));
    },
    onStrokeEnd: scene.active.end,
    onBrushDrag: (dx, isFirst) => {
      if (isFirst) brushBefore = state.diameter;
      events.onBrush?.(Math.max(1, Math.round(brushBefore + dx / state.view.zoom)));
    },
    onPan: scene.panBy,
    onZoom: scene.zoomBy,
    onHover: (at, isOpposite) => {
      if (at === null || state.image === null) {
        scene.setBrushMark(null);
        events.onCursor?.(null);
        tellHover(null);
        return;
      }
      const place = scene.toImage(at);
      if (paints()) {
        scene.setBrushMark({ at: place, diameter: state.diameter, erases: (state.tool === 'eraser') !== isOpposite });
      }
      events.onCursor?.(isOverImage(place) ? place : null);
      tellHover(paints() || events.onHover === undefined ? null : scene.hit(place.x, place.y));
    },
    onCancel: () => {
      scene.active.cancel();
      if (state.draft !== null) setDraft(null);
    },
    onCursorStyle: scene.setCursor,
  };
}
