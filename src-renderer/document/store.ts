/** @file The one store of the page. No React in it: panels read it through zustand's `useStore`, tests as it is. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { initialState } from './initial.ts';
import type { State } from './state.ts';

export type Store = StoreApi<State>;

export const createDocument = (): Store => createStore<State>()(() => initialState());
