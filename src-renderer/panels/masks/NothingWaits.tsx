/** @file The current query has no proposals to decide on: what that means, and what can be done. */
import type { Query } from '../../../src-main/contract/records.ts';
import { selectAccepted } from '../../document/chips.ts';
import { activeAsking, activeRun } from '../../document/selectors.ts';
import { useAppState } from '../app-context.ts';
import { CommandButton } from '../parts/CommandButton.tsx';

export function NothingWaits({ query }: { readonly query: Query }) {
  const asked = useAppState((state) => activeRun(state) !== null);
  const masks = useAppState((state) => selectAccepted(state).length > 0);
  const asking = useAppState((state) => activeAsking(state) !== null);
  if (asking || masks) return null;
  if (query.noTarget) {
    return (
      <section className="panel-part" aria-label="Answer">
        <p>
          <strong>Nothing in this image matches.</strong> That is stored as the answer.
        </p>
        <div className="row">
          <CommandButton id="query.nothing" icon="undo" text="Take that back" />
        </div>
      </section>
    );
  }
  return (
    <section className="panel-part" aria-label="Answer">
      <p>
        {asked ? 'No proposal is left to decide on.' : 'No masks yet: click on the photo, or ask a model.'} Does
        anything match?
      </p>
      <div className="row">
        <CommandButton id="query.nothing" icon="none" text="Nothing matches" />
      </div>
    </section>
  );
}
