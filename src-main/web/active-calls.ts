/** @file The calls of a host that are running, by the ids that pages gave them, so that they can be cancelled. */
import { randomUUID } from 'node:crypto';

export type ActiveCall = {
  /** Aborts when the page cancels the call or the host closes. */
  readonly signal: AbortSignal;
  /** To be called once it is answered. */
  end(): void;
};

export type ActiveCalls = {
  /** Takes a place for a call; a call without an id cannot be cancelled by its page. */
  begin(id: string | undefined): ActiveCall | 'taken' | 'full';
  /** Whether there was such a call. */
  cancel(id: string): boolean;
  cancelAll(): void;
};

/** Ids are the page's own; random ones, such as crypto.randomUUID gives. */
export const isId = (text: unknown): text is string => typeof text === 'string' && /^[\w-]{1,64}$/.test(text);

export function createActiveCalls(limit: number): ActiveCalls {
  const active = new Map<string, AbortController>();
  return {
    begin(id) {
      if (id !== undefined && active.has(id)) return 'taken';
      if (active.size >= limit) return 'full';
      const controller = new AbortController();
      const key = id ?? randomUUID();
      active.set(key, controller);
      return { signal: controller.signal, end: () => active.delete(key) };
    },
    cancel(id) {
      const controller = active.get(id);
      controller?.abort();
      return controller !== undefined;
    },
    cancelAll() {
      for (const controller of active.values()) controller.abort();
    },
  };
}
