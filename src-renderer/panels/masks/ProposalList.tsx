/** @file What the model offers for the current query and nobody has decided on yet, as numbered chips. */
import { useState } from 'react';
import { selectBelow, selectPending } from '../../document/chips.ts';
import { activeQuery } from '../../document/selectors.ts';
import { accept, rejectProposal } from '../../tools/review.ts';
import { selectMask } from '../../tools/select.ts';
import { useApp, useAppState } from '../app-context.ts';
import { CommandButton } from '../parts/CommandButton.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import { MaskRow } from './MaskRow.tsx';
import './masks.css';
import { NothingWaits } from './NothingWaits.tsx';
import { Threshold } from './Threshold.tsx';

export function ProposalList() {
  const app = useApp();
  const query = useAppState(activeQuery);
  const pending = useAppState(selectPending);
  const hidden = useAppState(selectBelow);
  // Best first is how the chips are numbered; the other way round shows what needs a look most.
  const [unsureFirst, setUnsureFirst] = useState(false);
  if (!query) return null;
  const all = pending.length + hidden;
  if (all === 0) return <NothingWaits query={query} />;
  return (
    <section className="panel-part" aria-labelledby="proposals-title">
      <header className="panel-head">
        <h2 id="proposals-title" className="label grow">
          Proposals <span className="number">{hidden > 0 ? `${pending.length} of ${all} shown` : all}</span>
        </h2>
        <IconButton
          icon="sort"
          size="sm"
          label="Least certain first"
          pressed={unsureFirst}
          onClick={() => setUnsureFirst(!unsureFirst)}
        />
      </header>
      {all > 1 ? <Threshold hidden={hidden} /> : null}
      <ul className="mask-list">
        {(unsureFirst ? pending.toReversed() : pending).map((chip) => {
          const { id } = chip.selection;
          return (
            <MaskRow key={id} chip={chip}>
              <IconButton
                icon="accept"
                size="sm"
                label={`Accept mask ${chip.number}`}
                onClick={() => {
                  selectMask(app, chip.selection);
                  accept(app);
                }}
              />
              <IconButton
                icon="close"
                size="sm"
                tone="bad"
                label={`Reject mask ${chip.number}`}
                onClick={() => rejectProposal(app, id)}
              />
            </MaskRow>
          );
        })}
      </ul>
      <div className="row">
        <CommandButton id="review.accept-all" icon="acceptAll" text="Accept all" />
        <CommandButton id="query.nothing" icon="none" text="Nothing matches" />
      </div>
    </section>
  );
}
