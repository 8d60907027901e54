/** @file The application in the desktop's main process, through what src-main/preload.ts gives the page. */
import type { MethodName } from '../../src-main/contract/api.ts';
import type { EventName } from '../../src-main/contract/events.ts';
import type { Result } from '../../src-main/contract/result.ts';
import { asHostError, cancelledError, HostError, hostErrorOf } from './error.ts';
import type { CallOptions, GrantedFolder, Host } from './host.ts';
import { createListeners } from './listeners.ts';

/** `window.novo`. */
export type Desktop = {
  call(method: string, input: unknown, options: { id: string; lane?: string }): Promise<Result<unknown>>;
  cancel(id: string): Promise<unknown>;
  onEvent(listener: (name: string, data: unknown) => void): () => void;
  chooseFolder(): Promise<GrantedFolder | null>;
  grantDrop(file: File): Promise<GrantedFolder | null>;
};

export function electronHost(novo: Desktop): Host {
  const { on, emit } = createListeners();
  const progress = new Map<string, (value: never) => void>();
  const stop = novo.onEvent((name, data) => {
    if (name === 'progress') {
      const { call, value } = data as { call: string; value: never };
      progress.get(call)?.(value);
    } else emit(name as EventName, data as never);
  });

  async function call<M extends MethodName>(method: M, input: unknown, options: CallOptions<M> = {}) {
    const { signal, lane, onProgress } = options;
    if (signal?.aborted) throw cancelledError();
    const id = crypto.randomUUID();
    if (onProgress) progress.set(id, onProgress as (value: never) => void);
    const cancel = () => void novo.cancel(id).catch(() => undefined);
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      const result = await novo.call(method, input, { id, ...(lane ? { lane } : {}) });
      if (result.ok) return result.value;
      throw hostErrorOf(result.error);
    } catch (thrown) {
      if (thrown instanceof HostError) throw thrown;
      // The main process threw instead of answering: a bug there, with its words.
      throw asHostError(thrown);
    } finally {
      signal?.removeEventListener('abort', cancel);
      progress.delete(id);
    }
  }

  return {
    kind: 'electron',
    call: call as Host['call'],
    on,
    mediaUrl: (imageId, max) => `${location.origin}/media/${imageId}${max === null ? '' : `?max=${max}`}`,
    exportUrl: (name) => `${location.origin}/exports/${encodeURIComponent(name)}`,
    chooseFolder: () => novo.chooseFolder(),
    grantDrop: (file) => novo.grantDrop(file),
    close: stop,
  };
}
