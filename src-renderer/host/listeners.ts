/** @file Listeners by event name. */
import type { HostEventData, HostEventName } from './host.ts';

export type Listeners = {
  on<N extends HostEventName>(event: N, listener: (data: HostEventData<N>) => void): () => void;
  /** What one listener throws keeps nobody else from hearing it. */
  emit<N extends HostEventName>(event: N, data: HostEventData<N>): void;
};

export function createListeners(): Listeners {
  const all = new Map<string, Set<(data: never) => void>>();
  return {
    on(event, listener) {
      const mine = all.get(event) ?? new Set();
      all.set(event, mine.add(listener));
      return () => void mine.delete(listener);
    },
    emit(event, data) {
      for (const listener of all.get(event) ?? []) {
        try {
          listener(data as never);
        } catch (error) {
          console.error(error);
        }
      }
    },
  };
}
