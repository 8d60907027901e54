/** @file Masks that are stored: those of the current query first, then the image's others, which can be linked to it. */
import { useMemo } from 'react';
import type { Instance } from '../../../src-main/contract/records.ts';
import { type Chip, instanceColour, selectAccepted } from '../../document/chips.ts';
import { linkInstance } from '../../tools/instances.ts';
import { deleteInstance } from '../../tools/remove-mask.ts';
import { useApp, useAppState } from '../app-context.ts';
import { IconButton } from '../parts/IconButton.tsx';
import { type ListedMask, MaskRow } from './MaskRow.tsx';
import { NewMask } from './NewMask.tsx';
import './masks.css';

const noInstances: readonly Instance[] = [];
/** Rows are plain elements; more than these would be slow, and nobody reads them. */
const shown = 200;

export function InstanceList() {
  const queryId = useAppState((state) => state.open?.queryId ?? null);
  const own = useAppState(selectAccepted);
  const others = useOthers(own);
  return (
    <>
      <NewMask />
      <Part id="own-masks" title={queryId === null ? 'Masks' : 'Masks of this query'} masks={own} linked />
      <Part id="other-masks" title="Other masks of this image" masks={others} linked={false} />
    </>
  );
}

/** Masks of the image that are not in the answer of the current query. */
function useOthers(own: readonly Chip[]): readonly ListedMask[] {
  const doc = useAppState((state) => state.open?.document ?? null);
  const instances = doc?.instances ?? noInstances;
  return useMemo(() => {
    if (!doc) return [];
    const listed = new Set(own.map(({ selection }) => selection.id));
    return instances
      .filter(({ id }) => !listed.has(id))
      .map((record) => ({
        number: null,
        selection: { kind: 'instance', id: record.id } as const,
        colour: instanceColour(doc, record.id),
        score: record.score,
        label: null,
        record,
        edited: false,
      }));
  }, [doc, instances, own]);
}

type PartProps = {
  readonly id: string;
  readonly title: string;
  readonly masks: readonly ListedMask[];
  readonly linked: boolean;
};

function Part({ id, title, masks, linked }: PartProps) {
  const app = useApp();
  const queryId = useAppState((state) => state.open?.queryId ?? null);
  if (masks.length === 0) return null;
  return (
    <section className="panel-part" aria-labelledby={id}>
      <header className="panel-head">
        <h2 id={id} className="label grow">
          {title} <span className="number">{masks.length}</span>
        </h2>
      </header>
      <ul className="mask-list">
        {masks.slice(0, shown).map((mask) => (
          <MaskRow key={mask.selection.id} chip={mask}>
            {queryId === null ? null : (
              <IconButton
                icon={linked ? 'unlink' : 'link'}
                size="sm"
                label={linked ? 'Take out of this query' : 'Add to this query'}
                onClick={() => linkInstance(app, mask.selection.id, queryId, !linked)}
              />
            )}
            <IconButton
              icon="trash"
              size="sm"
              tone="bad"
              label={mask.number === null ? 'Delete this mask' : `Delete mask ${mask.number}`}
              onClick={() => deleteInstance(app, mask.selection.id)}
            />
          </MaskRow>
        ))}
      </ul>
      {masks.length > shown ? (
        <p className="small quiet">The first {shown} are listed; all are on the photo and can be picked there.</p>
      ) : null}
    </section>
  );
}
