/** @file What every verb works on: the connection, the state, and what is under way. Made once, passed first. */
import type { Rle } from '../../src-main/contract/mask.ts';
import type { ImageDocument } from '../../src-main/contract/methods-annotate.ts';
import type { Selection } from '../document/state.ts';
import { createDocument, type Store } from '../document/store.ts';
import type { Host } from '../host/host.ts';

/** The part of the canvas that commands need. */
export type CanvasView = {
  fit(): void;
  zoomBy(factor: number): void;
  zoomTo(box: readonly [x1: number, y1: number, x2: number, y2: number]): void;
  /** Drops a stroke, box or pan that is under way; says whether there was one. */
  cancelGesture(): boolean;
  /** Where the keyboard goes when the canvas is wished for. */
  focus(): void;
  /** Device pixels of the canvas, to load the size of the next photo that will be shown. */
  size(): { readonly width: number; readonly height: number };
};

/** Work under way that is no state to draw: it is kept to be waited for, or cancelled. */
export type Tasks = {
  /** Ends when all that was queued so far has been done. */
  queue: Promise<void>;
  /** Counts openings of images. */
  generation: number;
  encoding: AbortController | null;
  /** Chosen images become images of the project. */
  applying: AbortController | null;
  /** By image id, at most 2. */
  readonly prefetching: Map<number, { readonly stop: AbortController; readonly done: Promise<void> }>;
  /** Images that were read ahead; kept up to date with every change. */
  readonly documents: Map<number, ImageDocument>;
  /** The segmenter's work on the prompts of one draft. */
  click: { readonly key: string; readonly stop: AbortController; readonly done: Promise<void> } | null;
  /** When the segmenter was last wanted, or an image came up (`performance.now()`). */
  busyAt: number;
  /** By query id. */
  readonly asking: Map<number, AbortController>;
  /** How to send an unstored change again, by its id. */
  readonly retries: Map<number, Retry>;
  /** What a stroke on an active mask has become, by the mask's token: strokes that follow belong to it. A number each. */
  readonly strokeTargets: Map<number, Selection>;
  /** Rows of the list that were looked at last. */
  listRange: { readonly first: number; readonly last: number };
  readonly loadingPages: Set<number>;
  readonly timers: Map<string, ReturnType<typeof setTimeout>>;
};

export type Retry = {
  /** Whether the image, as it was read again, has the change. */
  readonly isStored: (doc: ImageDocument) => boolean;
  readonly again: () => Promise<boolean>;
};

/** A finished brush stroke. */
export type Stroke = {
  readonly imageId: number;
  /** The whole mask after the stroke. */
  readonly rle: Rle;
  /** What was on the active layer when the stroke began; null where that was empty. */
  readonly selection: Selection | null;
  /** Names that state of the active layer. */
  readonly token: number;
};

export type App = {
  readonly host: Host;
  readonly store: Store;
  readonly tasks: Tasks;
  /** The tab's own storage, which a reload does not empty; null where there is none. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem'> | null;
  /** Set by the canvas binding alone; null while no canvas is on screen. */
  readonly canvas: { view: CanvasView | null };
};

export const createApp = (host: Host, storage: App['storage'] = null): App => ({
  host,
  storage,
  store: createDocument(),
  tasks: {
    queue: Promise.resolve(),
    generation: 0,
    encoding: null,
    applying: null,
    prefetching: new Map(),
    documents: new Map(),
    click: null,
    busyAt: 0,
    asking: new Map(),
    retries: new Map(),
    strokeTargets: new Map(),
    listRange: { first: 0, last: 0 },
    loadingPages: new Set(),
    timers: new Map(),
  },
  canvas: { view: null },
});
