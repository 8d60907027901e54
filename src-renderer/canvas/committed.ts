/**
 * @file The committed masks in the page: what the worker drew of them, and an index to find them under the pointer.
 * While a fresh picture is made the last one is shown, moved and scaled.
 */
import type { AppError } from '../../src-main/contract/errors.ts';
import type { MaskIndex, MaskLook, PaintOrder, Rings } from '../worker/messages.ts';
import type { Frames } from './frames.ts';
import { hitTest } from './hit-test.ts';
import { orderFor, serves } from './paint-order.ts';
import type { Layer, Stage } from './stage.ts';
import type { CanvasMask, CanvasOptions, View } from './types.ts';
import type { Size } from './viewport.ts';
import { type MasksWorker, startWorker } from './worker-client.ts';

export type Committed = {
  readonly worker: MasksWorker;
  readonly setMasks: (masks: readonly CanvasMask[]) => void;
  readonly setLook: (options: CanvasOptions) => void;
  /** Has the masks drawn for the present view where the last picture does not serve. */
  readonly refresh: () => void;
  readonly hit: (x: number, y: number) => string | null;
  readonly outlineOf: (id: string) => Promise<Rings | null>;
  readonly layer: Layer;
  readonly close: () => void;
};

export type Scene = { readonly view: () => View; readonly image: () => Size | null; readonly stage: () => Stage };

/** A zoom rests when it has not changed for that long; milliseconds. */
const rest = 50;
/** Doublings or halvings of the zoom up to which the last picture does while it does not rest. */
const enoughSteps = 0.7;

export function createCommitted(scene: Scene, frames: () => Frames, onError: (error: AppError) => void): Committed {
  let masks: readonly CanvasMask[] = [];
  const index = new Map<string, MaskIndex>();
  let look: MaskLook = { fillOpacity: 0, outlineOpacity: 0, highContrast: false };
  let shown: { order: PaintOrder; bitmap: ImageBitmap; version: number } | null = null;
  let version = 0; // of the masks; a picture of an earlier one does not serve
  let cleared = 0; // a picture that was ordered before the list was emptied is of another image
  let isPainting = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastChange = 0; // of the view, performance.now()
  let pickable: readonly MaskIndex[] | null = null; // made when asked for

  const worker = startWorker((added) => {
    for (const mask of added) index.set(mask.id, mask);
    pickable = null;
  }, onError);
  const drop = () => {
    shown?.bitmap.close();
    shown = null;
  };
  const needed = (): PaintOrder | null => {
    const image = scene.image();
    if (image === null || masks.length === 0) return null;
    const [view, screen, ratio] = [scene.view(), scene.stage().screen(), scene.stage().ratio()];
    if (shown?.version === version && serves(shown.order, view, screen, ratio, image, look)) return null;
    return orderFor(view, screen, ratio, image, look);
  };
  const paint = async (order: PaintOrder) => {
    isPainting = true;
    const [drawnVersion, drawnCleared] = [version, cleared];
    try {
      const bitmap = await worker.paint(order);
      if (drawnCleared !== cleared) bitmap.close();
      else {
        drop();
        shown = { order, bitmap, version: drawnVersion };
        if (needed() === null) frames().fresh();
        else frames().base();
      }
    } catch (error) {
      onError(error as AppError);
      return;
    } finally {
      isPainting = false;
    }
    schedule();
  };
  const schedule = () => {
    clearTimeout(timer);
    const order = needed();
    if (order === null || isPainting) return; // when the present one is done it looks again
    // While the wheel turns the last picture is good enough, and the processor has the photo to draw.
    const wait = canWait(order) ? lastChange + rest - performance.now() : 0;
    if (wait > 0) timer = setTimeout(schedule, wait);
    else void paint(order);
  };
  const canWait = (order: PaintOrder) =>
    shown !== null &&
    shown.version === version &&
    shown.order.look === look &&
    shown.order.zoom !== order.zoom &&
    Math.abs(Math.log2(order.zoom / shown.order.zoom)) < enoughSteps;
  const refresh = () => {
    if (needed() === null) return;
    lastChange = performance.now();
    frames().stale();
    schedule();
  };

  return {
    worker,
    setMasks: (next) => {
      const before = new Map(masks.map((mask) => [mask.id, mask.rle]));
      const ids = new Set(next.map(({ id }) => id));
      for (const id of index.keys()) if (!ids.has(id)) index.delete(id);
      masks = next;
      pickable = null;
      version++;
      worker.setMasks(
        next.map(({ id, rle, colour, kind, label }) => {
          const known = before.get(id);
          const entry = { id, colour, kind, label: label ?? null };
          const isSame = known?.counts === rle.counts && known.size[0] === rle.size[0] && known.size[1] === rle.size[1];
          return isSame ? entry : { ...entry, rle };
        }),
      );
      if (next.length === 0) {
        cleared++;
        drop();
        frames().base();
      } else refresh();
    },
    setLook: ({ fillOpacity, outlineOpacity, highContrast }) => {
      look = { fillOpacity, outlineOpacity, highContrast };
      refresh();
    },
    refresh,
    hit: (x, y) => {
      pickable ??= masks.filter(({ kind }) => kind !== 'other').flatMap(({ id }) => index.get(id) ?? []);
      return hitTest(pickable, x, y)?.id ?? null;
    },
    outlineOf: (id) => worker.outline(id),
    layer: ({ context, view, ratio, origin }) => {
      if (shown === null) return;
      const { order, bitmap } = shown;
      const scale = (view.zoom * ratio) / order.zoom;
      // In device pixels, so that a picture for this very zoom is copied and not resampled.
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.imageSmoothingEnabled = scale !== 1;
      const x = order.x * view.zoom * ratio + origin.x * ratio;
      const y = order.y * view.zoom * ratio + origin.y * ratio;
      if (scale === 1) context.drawImage(bitmap, Math.round(x), Math.round(y));
      else context.drawImage(bitmap, x, y, order.width * scale, order.height * scale);
    },
    close: () => {
      clearTimeout(timer);
      drop();
      worker.stop();
    },
  };
}
