/** @file Events on their way to hosts, which pass them on to their pages. */
import type { EventName, Publish } from '../contract/events.ts';

export type Listener = (name: EventName, data: unknown) => void;
/** Answers the function that stops it. */
export type OnEvent = (listener: Listener) => () => void;

export function createEvents(): { readonly publish: Publish; readonly onEvent: OnEvent } {
  const listeners = new Set<Listener>();
  return {
    publish: (name, data) => {
      for (const listener of listeners) listener(name, data);
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
