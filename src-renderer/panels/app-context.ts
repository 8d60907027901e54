/** @file How a component comes to the application: its verbs take `useApp()`, its state is read with `useAppState`. */
import { createContext, use } from 'react';
import { useStore } from 'zustand';
import type { State } from '../document/state.ts';
import type { App } from '../tools/app.ts';

export const AppContext = createContext<App | null>(null);

export function useApp(): App {
  const app = use(AppContext);
  if (!app) throw new Error('This component is outside of AppContext.');
  return app;
}

/** A part of the state; the component is drawn again when that part is another. */
export function useAppState<T>(select: (state: State) => T): T {
  return useStore(useApp().store, select);
}
