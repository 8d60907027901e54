/** @file The queries of this image: their status and text; one of them is the current one. */
import type { Query } from '../../../src-main/contract/records.ts';
import { selectQuery } from '../../tools/select.ts';
import { useApp, useAppState } from '../app-context.ts';
import { Icon, type IconName } from '../icons.tsx';
import { useInSight } from '../parts/use-in-sight.ts';

const none: readonly Query[] = [];
const statusIcons: Record<Query['status'], IconName> = {
  draft: 'edit',
  proposed: 'help',
  accepted: 'check',
  rejected: 'close',
};
const statusNames: Record<Query['status'], string> = {
  draft: 'Not decided yet',
  proposed: 'Proposals wait',
  accepted: 'Decided',
  rejected: 'Rejected',
};

export const statusName = (query: Query): string => (query.noTarget ? 'Nothing matches' : statusNames[query.status]);

export function QueryList() {
  const queries = useAppState((state) => state.open?.document.queries ?? none);
  if (queries.length === 0) return null;
  return (
    <section className="panel-part" aria-labelledby="queries-title">
      <header className="panel-head">
        <h2 id="queries-title" className="label grow">
          Queries of this image
        </h2>
        <span className="small quiet number">{queries.length}</span>
      </header>
      <ul className="queries">
        {queries.map((query) => (
          <li key={query.id}>
            <QueryRow query={query} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function QueryRow({ query }: { readonly query: Query }) {
  const app = useApp();
  const current = useAppState((state) => state.open?.queryId === query.id);
  const asking = useAppState((state) => state.asking.get(query.id)?.state === 'asking');
  // The list shows about four; a query that was just asked is its last.
  const row = useInSight<HTMLButtonElement>(current);
  return (
    <button
      ref={row}
      type="button"
      className="query-row"
      aria-current={current || undefined}
      onClick={() => selectQuery(app, query.id)}
    >
      <span className="status-mark" data-status={query.status} title={asking ? 'Being asked' : statusName(query)}>
        <Icon name={query.noTarget ? 'none' : asking ? 'history' : statusIcons[query.status]} size="0.875rem" />
      </span>
      <span className="query-row-text">{query.text}</span>
      <span className="sr-only">{asking ? 'Being asked' : statusName(query)}</span>
    </button>
  );
}
