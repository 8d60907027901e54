/**
 * @file Which model a query goes to: the one rule, for the page (which knows of a change of the settings before it is
 * stored) and for everything that asks without a page.
 */
import type { Reasoner } from './methods-models.ts';

/**
 * The reasoner that was chosen while it is ready; else the first ready one. `reasoners` are in the order of
 * `reasoners.list`: models that run here come before servers, and of those the bundled ones first. Null where none is.
 */
export function chosenReasoner<T extends Pick<Reasoner, 'id' | 'ready'>>(
  reasoners: readonly T[],
  chosen: string | null,
): T | null {
  const ready = reasoners.filter((each) => each.ready);
  return ready.find(({ id }) => id === chosen) ?? ready[0] ?? null;
}
