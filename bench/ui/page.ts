/** @file The page of the canvas bench: one image view, and what the bench in Node drives and reads through `window.bench`. */
import { createImageView } from '../../src-renderer/canvas/image-view.ts';
import type { CanvasMask, ImageSource, ImageView } from '../../src-renderer/canvas/types.ts';

export type Told = { readonly name: string; readonly detail: unknown };

/** One frame in which a pointer moved; milliseconds. */
export type FrameTime = {
  /** From the first handler of the pointer event to the end of the frame. */
  readonly work: number;
  /** From the moment that the browser got the event. */
  readonly latency: number;
};

export type Bench = {
  readonly view: ImageView;
  readonly source: (id: string, width: number, height: number) => ImageSource;
  readonly masks: () => Promise<readonly CanvasMask[]>;
  /** What the canvas called back, oldest first. */
  readonly told: Told[];
  /** Times of the frames since the last call. */
  readonly frames: () => FrameTime[];
  /** Runs `step` once a frame for a time. @returns frames a second, and the longest gap between two in milliseconds */
  readonly animate: (milliseconds: number, step: (k: number) => void) => Promise<{ rate: number; longest: number }>;
};

const told: Told[] = [];
const tell =
  (name: string) =>
  (...detail: unknown[]) =>
    void told.push({ name, detail });
const host = document.querySelector<HTMLElement>('#host')!;

const times: FrameTime[] = [];
let first: { handled: number; stamp: number } | null = null;
addEventListener(
  'pointermove',
  (event) => {
    if (first !== null) return;
    const started = { handled: performance.now(), stamp: event.timeStamp };
    first = started;
    // A message that is sent from a frame's callback is read when that frame was painted.
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      const end = performance.now();
      times.push({ work: end - started.handled, latency: end - started.stamp });
      first = null;
      channel.port1.close();
    };
    requestAnimationFrame(() => channel.port2.postMessage(null));
  },
  { capture: true },
);

const view = createImageView(
  host,
  {
    onPoint: tell('point'),
    onBox: tell('box'),
    onPromptPoint: tell('promptPoint'),
    onHover: tell('hover'),
    onPick: tell('pick'),
    onStroke: tell('stroke'),
    onBrush: tell('brush'),
    onError: tell('error'),
  },
  { label: 'Image' },
);

const bench: Bench = {
  view,
  source: (id, width, height) => ({
    id,
    width,
    height,
    url: (max) => `/media/${id}${max === null ? '' : `?max=${max}`}`,
  }),
  masks: async () => await (await fetch('/masks')).json(),
  told,
  frames: () => times.splice(0),
  animate: (milliseconds, step) =>
    new Promise((resolve) => {
      const start = performance.now();
      let before = start;
      let longest = 0;
      let k = 0;
      const run = () => {
        const now = performance.now();
        longest = Math.max(longest, now - before);
        before = now;
        if (now - start >= milliseconds) resolve({ rate: (k * 1000) / (now - start), longest });
        else {
          step(k++);
          requestAnimationFrame(run);
        }
      };
      requestAnimationFrame(run);
    }),
};
Object.assign(window, { bench });
