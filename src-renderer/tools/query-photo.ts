/** @file The photo of a query with its masks, to be looked at and picked from; nothing is drawn on it. */
import type { ImageRecord } from '../../src-main/contract/records.ts';
import { createImageView } from '../canvas/image-view.ts';
import type { CanvasMask, CanvasOptions } from '../canvas/types.ts';
import { memo } from '../document/memo.ts';
import type { State } from '../document/state.ts';
import type { App } from './app.ts';
import { tellFailure } from './queue.ts';

/** What is shown; the same object for as long as it is the same. */
export type PhotoScene = {
  readonly image: ImageRecord | null;
  readonly masks: readonly CanvasMask[];
  /** The mask that the pointer is over in a list. */
  readonly highlight: string | null;
};

export type PhotoEvents = { readonly onPick?: (id: string) => void; readonly onHover?: (id: string | null) => void };

/** Draws `scene` in `element` until the answered function is called. */
export function bindPhoto(
  app: App,
  element: HTMLElement,
  scene: (state: State) => PhotoScene,
  { onPick, onHover }: PhotoEvents = {},
): () => void {
  const { host, store } = app;
  const canvas = createImageView(
    element,
    {
      onPick: (id) => id !== null && onPick?.(id),
      onHover: (id) => onHover?.(id),
      onError: (error) => tellFailure(app, error),
    },
    { label: element.getAttribute('aria-label') ?? 'Photo' },
  );
  canvas.setTool('pan');
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
  let shown: PhotoScene = { image: null, masks: [], highlight: null };
  let options: CanvasOptions | null = null;
  const draw = (state: State) => {
    const next = scene(state);
    const { image } = next;
    const isOther = image?.id !== shown.image?.id;
    if (isOther) {
      const source = image && {
        id: String(image.id),
        width: image.width,
        height: image.height,
        url: (max: number | null) => host.mediaUrl(image.id, max),
      };
      canvas.setImage(source).catch((thrown: unknown) => tellFailure(app, thrown, 'The photo cannot be shown'));
    }
    if (isOther || next.masks !== shown.masks) canvas.setMasks(next.masks);
    if (isOther || next.highlight !== shown.highlight) canvas.highlight(next.highlight);
    const wanted = looks(state);
    if (wanted !== options) canvas.setOptions(wanted);
    options = wanted;
    shown = next;
  };
  draw(store.getState());
  const stop = store.subscribe(draw);
  return () => {
    stop();
    app.canvas.view = null;
    canvas.destroy();
  };
}

const looks = memo(
  ({ settings, view }: State) => [settings.fillOpacity, settings.outlineOpacity, view.hidden] as const,
  (fillOpacity, outlineOpacity, hidden): CanvasOptions => ({
    fillOpacity,
    outlineOpacity,
    hidden,
    highContrast: false,
  }),
);
