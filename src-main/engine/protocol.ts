/**
 * @file What crosses the border of the engine process. Both sides are ours and built together, so types are enough
 * here; input from outside was validated by the dispatcher before.
 */

import type { MethodName, Output, Parsed, Progress } from '../contract/api.ts';
import type { ErrorBody } from '../contract/errors.ts';
import type { Provider, ProviderChoice } from '../contract/provider.ts';

/** The methods that run in the engine: those that need sessions, embeddings or pixels. */
export const engineMethods = [
  'image.encode',
  'segment.query',
  'segment.click',
  'mask.edit',
  'overlay.write',
  'engine.status',
  'engine.load',
] as const satisfies readonly MethodName[];
export type EngineMethod = (typeof engineMethods)[number];

export type EngineSettings = {
  readonly provider: ProviderChoice;
  /** Threads of one session run; ONNX Runtime's own choice (physical cores) where absent. */
  readonly threads?: number;
  readonly embeddingBytes: number;
  /** Providers that ended an earlier engine process while they were tried. */
  readonly crashed: readonly Provider[];
};

export type ToEngine =
  | { readonly type: 'start'; readonly settings: EngineSettings }
  | {
      readonly type: 'call';
      readonly id: number;
      readonly method: EngineMethod;
      readonly input: unknown;
      readonly secrets: CallSecrets;
    }
  | { readonly type: 'cancel'; readonly id: number };

export type FromEngine =
  /** Sent once, when the process can take calls. */
  | { readonly type: 'ready' }
  /** The provider being tried from now on; null when the trial is over. */
  | { readonly type: 'trying'; readonly provider: Provider | null }
  | { readonly type: 'progress'; readonly id: number; readonly value: unknown }
  /** The call has begun to wait for something outside this machine: others need not wait with it. */
  | { readonly type: 'waiting'; readonly id: number }
  | { readonly type: 'done'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly error: ErrorBody; readonly trace?: string };

/** A running engine process as its client sees it: `fork` in Node, `utilityProcess` in Electron. */
export type EnginePort = {
  readonly pid: number | undefined;
  send(message: ToEngine): void;
  onMessage(listener: (message: FromEngine) => void): void;
  /** Called once, when the process has ended; `reason` is for people, `output` the last of what it printed. */
  onExit(listener: (reason: string, output: string) => void): void;
  kill(): void;
};

/** One line of what a reasoner did, for people. */
export type Step = Progress<'segment.query'>;

/** What a method gets in the engine: its input with the image by path. Which file an id means is known outside. */
export type Local<T> = T extends { image: unknown } ? Omit<T, 'image'> & { readonly image: ImageFile } : T;
export type ImageFile = { readonly path: string };

/**
 * What the host alone knows and sends with the one call that needs it: it is in no request, is not kept in the engine,
 * and no answer holds it.
 */
export type CallSecrets = {
  /** Key of the endpoint that is asked, from the keychain; wins over the variable that its pack names. */
  readonly reasonerKey?: string | undefined;
};

export type CallOptions<M extends MethodName> = {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((value: Progress<M>) => void) | undefined;
};

/** The engine's work, one function a method; the client has the same shape on the other side of the border. */
export type EngineHandlers = {
  readonly [M in EngineMethod]: (
    input: Local<Parsed<M>>,
    context: {
      readonly signal: AbortSignal;
      readonly progress: (value: Progress<M>) => void;
      readonly secrets: CallSecrets;
      /** To be called before waiting for another machine: calls that need none go ahead. */
      readonly waiting: () => void;
    },
  ) => Promise<Output<M>>;
};
