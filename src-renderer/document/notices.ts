/** @file The status bar's lines, and what is not stored. Pure. */
import { asHostError } from '../host/error.ts';
import type { Failure, Notice, State, Unstored } from './state.ts';

const kept = 50;

export function withNotice(state: State, tone: Notice['tone'], text: string, hint: string | null = null): State {
  const id = (state.notices.at(-1)?.id ?? 0) + 1;
  return { ...state, notices: [...state.notices, { id, tone, text, hint }].slice(-kept) };
}

export function failureOf(thrown: unknown): Failure {
  const { code, message, hint } = asHostError(thrown);
  return { code, message, hint };
}

/** A change has set out. */
export const withPending = (state: State, by: 1 | -1): State => ({
  ...state,
  saving: { ...state.saving, pending: state.saving.pending + by },
});

export const withStored = (state: State, at: number): State => ({
  ...state,
  saving: { ...state.saving, storedAt: at },
});

export const withUnstored = (state: State, entry: Unstored): State => ({
  ...state,
  saving: { ...state.saving, unstored: [...state.saving.unstored, entry] },
});

export const withoutUnstored = (state: State, id: number): State => ({
  ...state,
  saving: { ...state.saving, unstored: state.saving.unstored.filter((each) => each.id !== id) },
});
