/** @file The masks' worker as functions that answer. */
import { AppError } from '../../src-main/contract/errors.ts';
import type { Rle } from '../../src-main/contract/mask.ts';
import type { Bounds, FromWorker, MaskEntry, MaskIndex, PaintOrder, Rings, ToWorker } from '../worker/messages.ts';

export type MasksWorker = {
  readonly setMasks: (masks: readonly MaskEntry[]) => void;
  readonly paint: (order: PaintOrder) => Promise<ImageBitmap>;
  readonly outline: (id: string) => Promise<Rings | null>;
  readonly trace: (rle: Rle) => Promise<Rings | null>;
  /** Takes `data` away. `box` null: no pixel. */
  readonly encode: (
    width: number,
    height: number,
    box: Bounds | null,
    data: Uint8Array<ArrayBuffer>,
  ) => Promise<{ rle: Rle; rings: Rings }>;
  /** What is under way is never answered. */
  readonly stop: () => void;
};

type Waiting = { readonly resolve: (message: FromWorker) => void; readonly reject: (error: AppError) => void };

export function startWorker(
  onIndex: (masks: readonly MaskIndex[]) => void,
  onError: (error: AppError) => void,
): MasksWorker {
  const worker = new Worker(new URL('../worker/masks-worker.ts', import.meta.url), { type: 'module', name: 'masks' });
  const waiting = new Map<number, Waiting>();
  let last = 0;

  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    if (data.kind === 'indexed') {
      onIndex(data.masks);
      for (const { id, message } of data.damaged) {
        onError(new AppError('bad-request', `Mask ${id} cannot be drawn. ${message}`));
      }
      return;
    }
    const asked = waiting.get(data.request);
    waiting.delete(data.request);
    if (data.kind !== 'failed') asked?.resolve(data);
    else {
      const error = new AppError('internal', `The masks could not be drawn: ${data.message}`);
      if (asked === undefined) onError(error);
      else asked.reject(error);
    }
  };
  worker.onerror = (event) => {
    event.preventDefault();
    const hint = 'Reload the page; nothing that was saved is lost.';
    const error = new AppError('internal', `The masks' worker stopped: ${event.message || 'it could not start'}.`, {
      hint,
    });
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
    onError(error);
  };

  const ask = <Kind extends FromWorker['kind']>(
    kind: Kind,
    message: (request: number) => ToWorker,
    transfer: Transferable[] = [],
  ) =>
    new Promise<Extract<FromWorker, { kind: Kind }>>((resolve, reject) => {
      const request = ++last;
      waiting.set(request, {
        resolve: (answer) => {
          if (answer.kind === kind) resolve(answer as Extract<FromWorker, { kind: Kind }>);
          else reject(new AppError('internal', `The masks' worker answered ${answer.kind} to ${kind}.`));
        },
        reject,
      });
      worker.postMessage(message(request), transfer);
    });

  return {
    setMasks: (masks) => worker.postMessage({ kind: 'masks', masks } satisfies ToWorker),
    paint: async (order) => (await ask('painted', (request) => ({ kind: 'paint', request, order }))).bitmap,
    outline: async (id) => (await ask('outlined', (request) => ({ kind: 'outline', request, id }))).rings,
    trace: async (rle) => (await ask('outlined', (request) => ({ kind: 'trace', request, rle }))).rings,
    encode: (width, height, box, data) =>
      ask('encoded', (request) => ({ kind: 'encode', request, width, height, box, data }), [data.buffer]),
    stop: () => {
      worker.terminate();
      waiting.clear();
    },
  };
}
