/** @file State to canvas, gestures to verbs. The canvas keeps nothing of its own that matters: it can be made anew at any time. */
import { createImageView } from '../canvas/image-view.ts';
import type { CanvasEvents, CanvasOptions, ImageView } from '../canvas/types.ts';
import { memo } from '../document/memo.ts';
import {
  activeMask,
  drawnMasks,
  drawnPrompts,
  highlightedMask,
  isActive,
  sameSelection,
  selectionOf,
} from '../document/selectors.ts';
import type { OpenImage, Selection, State } from '../document/state.ts';
import type { App } from './app.ts';
import { addPoint, removePoint, setBox } from './prompt.ts';
import { tellFailure } from './queue.ts';
import { hoverMask, pickMask } from './select.ts';
import { paint } from './stroke.ts';
import { setBrushSize } from './view.ts';

/** What is on the active layer, and a number for that: strokes carry both (see `paint`). */
type OnActiveLayer = { readonly imageId: number; readonly selection: Selection | null; readonly token: number };

let lastToken = 0;

/** Draws the open image in `element` until the answered function is called. */
export function bindCanvas(app: App, element: HTMLElement): () => void {
  const { store } = app;
  let layer: OnActiveLayer | null = null;
  const events: CanvasEvents = {
    onPoint: (x, y, label) => void addPoint(app, x, y, label),
    onBox: (box) => void setBox(app, box),
    onPromptPoint: (index) => void removePoint(app, index),
    onHover: (id) => hoverMask(app, id === null ? null : selectionOf(id)),
    onPick: (id) => void pickMask(app, id === null ? null : selectionOf(id)),
    onStroke: ({ rle }) => layer && void paint(app, { ...layer, rle }),
    onBrush: (diameter) => setBrushSize(app, diameter),
    onView: ({ zoom }) => store.setState(({ view }) => (view.zoom === zoom ? {} : { view: { ...view, zoom } })),
    onCursor: (cursor) => store.setState(({ view }) => ({ view: { ...view, cursor } })),
    onError: (error) => tellFailure(app, error),
  };
  const canvas = createImageView(element, events, { label: element.getAttribute('aria-label') ?? 'Photo' });
  app.canvas.view = {
    fit: canvas.fit,
    zoomBy: (factor) => canvas.zoomBy(factor),
    zoomTo: ([x1, y1, x2, y2]) => canvas.zoomTo([x1, y1, x2, y2]),
    cancelGesture: canvas.cancelGesture,
    focus: () => element.focus({ preventScroll: true }),
    size: () => ({
      width: element.clientWidth * devicePixelRatio,
      height: element.clientHeight * devicePixelRatio,
    }),
  };

  const paintState = painter(canvas);
  const draw = (state: State, before: State | null) => {
    showImage(app, canvas, state, before);
    layer = layerOf(state, layer);
    paintState(state, before);
  };
  draw(store.getState(), null);
  const stop = store.subscribe(draw);
  return () => {
    stop();
    app.canvas.view = null;
    canvas.destroy();
  };
}

/** Tells the canvas only what is another than before; for another image everything, as the canvas begins anew with it. */
function painter(canvas: ImageView): (state: State, before: State | null) => void {
  /** What it shows, by the selector that it comes from: those answer the same object while it holds. */
  const shown = new Map<unknown, unknown>();
  return (state, before) => {
    const isOther = !before || state.open?.generation !== before.open?.generation;
    const changed = <T>(select: (each: State) => T, set: (value: T) => void) => {
      const value = select(state);
      if (isOther || value !== shown.get(select)) set(value);
      shown.set(select, value);
    };
    changed(drawnMasks, canvas.setMasks);
    changed(activeMask, canvas.setActive);
    changed(drawnPrompts, canvas.setPrompts);
    changed(toolOf, canvas.setTool);
    changed(brushOf, canvas.setBrush);
    changed(canvasOptions, canvas.setOptions);
    changed(highlightedMask, canvas.highlight);
  };
}

const toolOf = ({ tool }: State) => tool;
const brushOf = ({ settings }: State) => settings.brushSize;
const canvasOptions = memo(
  ({ settings, view }: State) => [settings.fillOpacity, settings.outlineOpacity, view.hidden] as const,
  (fillOpacity, outlineOpacity, hidden): CanvasOptions => ({
    fillOpacity,
    outlineOpacity,
    hidden,
    highContrast: false,
  }),
);

function showImage(app: App, canvas: ImageView, { open, settings }: State, before: State | null): void {
  if (before && open?.generation === before.open?.generation) return;
  const view = canvas.view();
  canvas.setImage(open ? sourceOf(app, open) : null).catch((thrown: unknown) => {
    if (app.store.getState().open?.generation === open?.generation)
      tellFailure(app, thrown, 'The photo cannot be shown');
  });
  const last = before?.open?.document.image;
  const now = open?.document.image;
  const sameSize = last && now && last.width === now.width && last.height === now.height;
  if (settings.keepView && sameSize) canvas.setView(view);
}

const sourceOf = ({ host }: App, { document: { image } }: OpenImage) => ({
  id: String(image.id),
  width: image.width,
  height: image.height,
  url: (max: number | null) => host.mediaUrl(image.id, max),
});

/** Another mask on the active layer has another token; the same one keeps its own while its pixels change. */
function layerOf(state: State, before: OnActiveLayer | null): OnActiveLayer | null {
  const { open } = state;
  if (!open || !isActive(state)) return null;
  const imageId = open.document.image.id;
  const isSame = before?.imageId === imageId && sameSelection(before.selection, open.selection);
  if (isSame) return before;
  lastToken += 1;
  return { imageId, selection: open.selection, token: lastToken };
}
