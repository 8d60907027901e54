/**
 * @file The view of one image: puts photo, committed masks, active mask, prompts and gestures together. What is
 * not in one of those lies in `state`.
 */
import type { AppError } from '../../src-main/contract/errors.ts';
import type { Rings } from '../worker/messages.ts';
import type { Outline } from '../worker/outline.ts';
import { createActive } from './active.ts';
import { createCommitted } from './committed.ts';
import { createFrames, type Frames } from './frames.ts';
import { listen } from './gestures.ts';
import { handTarget } from './hand-target.ts';
import { createPhoto } from './photo.ts';
import { photoLayer } from './photo-layer.ts';
import { type Brush, brushBounds, handLayer } from './prompts-layer.ts';
import type { Rect } from './rect.ts';
import { createStage, type Stage } from './stage.ts';
import {
  type CanvasEvents,
  type CanvasPrompts,
  defaultOptions,
  type ImageView,
  type ImageViewSetup,
  type View,
} from './types.ts';
import type { ViewState } from './view-state.ts';
import { type At, fitted, limited, matrixOf, panned, toImage, zoomed, zoomedTo } from './viewport.ts';

const noPrompts: CanvasPrompts = { points: [], box: null };

/** Fills `host`, which needs a size of its own. The caller gives it back with `destroy`. */
export function createImageView(host: HTMLElement, events: CanvasEvents, setup: ImageViewSetup): ImageView {
  const state: ViewState = {
    image: null,
    view: { zoom: 1, x: 0, y: 0 },
    isFitted: true,
    tool: 'point',
    prompts: noPrompts,
    options: defaultOptions,
    diameter: 20,
    draft: null,
    brush: null,
    hovered: null,
  };
  const onError = (error: AppError) => events.onError?.(error);
  const restoreHost = prepareHost(host, setup.label);
  let highlight: Outline | null = null;
  let wanted: string | null = null; // the id whose outline is asked for
  let stage: Stage | null = null;
  let frames: Frames | null = null;

  const photo = createPhoto(() => frames?.base(), onError);
  const committed = createCommitted(
    { view: () => state.view, image: () => state.image, stage: () => stage! },
    () => frames!,
    onError,
  );
  const active = createActive({
    worker: committed.worker,
    options: () => state.options,
    onStroke: (rle) => events.onStroke?.({ rle, strokes: 1 }),
    onChange: (dirty) => frames?.top(dirty === null ? undefined : onScreen(dirty)),
    onError,
  });
  const masks: typeof committed.layer = (frame) => {
    if (!state.options.hidden) committed.layer(frame);
  };
  const hand = handLayer(() => ({ ...state, highlight, hidden: state.options.hidden }));
  stage = createStage(host, [photoLayer(photo, () => state.image), masks], [active.layer, hand]);
  frames = createFrames(stage.drawBase, stage.drawTop);
  const [screen, draw] = [stage, frames];

  const origin = (): At => {
    const [, , , , x, y] = matrixOf(state.view, screen.screen(), screen.ratio());
    return { x, y };
  };
  /** Image pixels as CSS pixels, with room for smoothing. */
  const onScreen = ({ x1, y1, x2, y2 }: Rect): Rect => {
    const { x, y } = origin();
    const { zoom } = state.view;
    return { x1: x1 * zoom + x - 2, y1: y1 * zoom + y - 2, x2: x2 * zoom + x + 2, y2: y2 * zoom + y + 2 };
  };
  const show = (view: View, isFitted = false) => {
    const { view: before } = state;
    state.isFitted = isFitted;
    if (view.zoom === before.zoom && view.x === before.x && view.y === before.y) return;
    state.view = view;
    screen.setView(view);
    draw.base();
    draw.top();
    photo.need(view.zoom * screen.ratio());
    committed.refresh();
    events.onView?.(view);
  };
  const setBrushMark = (next: Brush | null) => {
    const { zoom } = state.view;
    if (state.brush !== null) draw.top(brushBounds(state.brush, zoom, origin()));
    state.brush = next;
    if (next !== null) draw.top(brushBounds(next, zoom, origin()));
  };
  const setHighlight = (id: string | null, isChanged = false) => {
    if (id === wanted && !isChanged) return;
    wanted = id;
    const put = (rings: Rings | null) => {
      if (wanted !== id || (rings === null && highlight === null)) return;
      highlight = rings === null ? null : { rings, path: null };
      draw.top();
    };
    if (id === null) put(null);
    else committed.outlineOf(id).then(put, onError);
  };
  const clearScene = () => {
    gestures.cancel();
    setHighlight(null);
    state.prompts = noPrompts;
    state.draft = null;
    committed.setMasks([]);
    active.reset(state.image);
    draw.base();
    draw.top();
  };
  const zoomAt = (factor: number, at: At) => {
    if (state.image !== null) show(zoomed(state.view, state.image, screen.screen(), factor, at));
  };
  const fitImage = () => {
    if (state.image !== null) show(fitted(state.image, screen.screen()), true);
  };

  const gestures = listen(
    host,
    handTarget(state, events, {
      toImage: (at) => toImage(state.view, screen.screen(), at),
      hit: (x, y) => (state.options.hidden ? null : committed.hit(x, y)),
      active,
      setBrushMark,
      redraw: () => draw.top(),
      panBy: (dx, dy) => {
        if (state.image !== null) show(panned(state.view, state.image, screen.screen(), dx, dy));
      },
      zoomBy: zoomAt,
      setCursor: (cursor) => {
        host.style.cursor = cursor;
      },
    }),
  );
  const stopWatching = watchSize(host, () => {
    if (!screen.measure()) return;
    if (state.isFitted) fitImage();
    // At once: a canvas of a new size is empty, and the next frame would show that.
    screen.drawBase();
    screen.drawTop(null);
    photo.need(state.view.zoom * screen.ratio());
    committed.refresh();
  });
  screen.measure();
  committed.setLook(state.options);

  return {
    setImage: async (image) => {
      state.image = image;
      clearScene();
      fitImage();
      await photo.show(image, state.view.zoom * screen.ratio());
    },
    setMasks: (next) => {
      committed.setMasks(next);
      // It may have another outline now, or none.
      if (wanted !== null) setHighlight(next.some(({ id }) => id === wanted) ? wanted : null, true);
    },
    setActive: active.set,
    setPrompts: (prompts) => {
      state.prompts = prompts;
      draw.top();
    },
    setTool: (tool) => {
      if (tool === state.tool) return;
      gestures.cancel();
      state.tool = tool;
      const paints = tool === 'brush' || tool === 'eraser';
      setBrushMark(paints && state.brush !== null ? { ...state.brush, erases: tool === 'eraser' } : null);
      gestures.toolChanged();
    },
    setBrush: (diameter) => {
      state.diameter = Math.max(1, diameter);
      if (state.brush !== null) setBrushMark({ ...state.brush, diameter: state.diameter });
    },
    setOptions: (options) => {
      state.options = options;
      committed.setLook(options);
      draw.base();
      draw.top();
    },
    highlight: (id) => setHighlight(id),
    fit: fitImage,
    zoomBy: (factor, at) => {
      const { width, height } = screen.screen();
      zoomAt(factor, at ?? { x: width / 2, y: height / 2 });
    },
    zoomTo: (box) => {
      if (state.image !== null) show(zoomedTo(box, state.image, screen.screen()));
    },
    panBy: (dx, dy) => {
      if (state.image !== null) show(panned(state.view, state.image, screen.screen(), dx, dy));
    },
    view: () => state.view,
    setView: (view) => {
      if (state.image !== null) show(limited(view, state.image, screen.screen()));
    },
    cancelGesture: gestures.cancel,
    stats: draw.stats,
    destroy: () => {
      gestures.stop();
      stopWatching();
      draw.stop();
      photo.close();
      committed.close();
      active.close();
      screen.destroy();
      restoreHost();
    },
  };
}

/** Focus, name and styles of the host element. @returns how to undo that */
function prepareHost(host: HTMLElement, label: string): () => void {
  const attributes = Object.entries({ role: 'application', tabindex: '0', 'aria-label': label });
  const before = attributes.map(([name]) => [name, host.getAttribute(name)] as const);
  const { cssText } = host.style;
  for (const [name, value] of attributes) host.setAttribute(name, value);
  if (getComputedStyle(host).position === 'static') host.style.position = 'relative';
  Object.assign(host.style, { overflow: 'hidden', touchAction: 'none', userSelect: 'none' });
  return () => {
    for (const [name, value] of before) {
      if (value === null) host.removeAttribute(name);
      else host.setAttribute(name, value);
    }
    host.style.cssText = cssText;
  };
}

/** Calls back when the element's size or the screen's pixel ratio changes. @returns how to stop */
function watchSize(host: HTMLElement, onChange: () => void): () => void {
  const observer = new ResizeObserver(onChange);
  observer.observe(host);
  const stopped = new AbortController();
  const watchRatio = () => {
    if (stopped.signal.aborted) return;
    const query = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    const changed = () => {
      onChange();
      watchRatio(); // a query knows one ratio only
    };
    query.addEventListener('change', changed, { once: true, signal: stopped.signal });
  };
  watchRatio();
  return () => {
    observer.disconnect();
    stopped.abort();
  };
}
