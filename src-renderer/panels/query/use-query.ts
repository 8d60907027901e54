/** @file The query that is worked on. */
import type { Query } from '../../../src-main/contract/records.ts';
import type { State } from '../../document/state.ts';
import { useAppState } from '../app-context.ts';

const current = ({ open }: State): Query | null =>
  open?.document.queries.find((query) => query.id === open.queryId) ?? null;

export const useCurrentQuery = (): Query | null => useAppState(current);
