/** @file What every verb works on, given once by `startApp` and passed as its first argument. */
import type { Store } from '../document/store.ts';
import type { Host } from '../host/host.ts';

/** The part of the canvas that commands need; null while none is on screen. */
export type CanvasView = {
  fit(): void;
  zoomBy(factor: number): void;
};

export type App = {
  readonly host: Host;
  readonly store: Store;
  /** Set by the canvas binding alone. */
  readonly canvas: { view: CanvasView | null };
};
