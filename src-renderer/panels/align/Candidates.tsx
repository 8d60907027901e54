/** @file The masks that may be meant, likeliest first: their numbers are those on the photo and on the keys. */
import { ordinal, type ShownCandidate, selectCandidates } from '../../document/align-scene.ts';
import { hoverCandidate, toggleMask } from '../../tools/align.ts';
import { useApp, useAppState } from '../app-context.ts';
import { area } from '../parts/format.ts';

const sources = { import: 'ground truth', human: 'by hand', model: 'model' } as const;

export function Candidates() {
  const candidates = useAppState(selectCandidates);
  const reference = useAppState(({ align }) => align.queue.items[0]?.reference ?? null);
  return (
    <section className="panel-part align-candidates" aria-label="Candidates">
      <h2 className="label">Candidates</h2>
      <p className="quiet small">
        {reference === null
          ? 'No model has answered this query: by size.'
          : reference.from === 'semantic'
            ? "Ranked by how much of each lies in the model's mask."
            : 'Ranked by how much of each lies in what the model offered.'}
      </p>
      <ul>
        {candidates.map((shown) => (
          <Row key={shown.key} shown={shown} />
        ))}
      </ul>
    </section>
  );
}

function Row({ shown }: { readonly shown: ShownCandidate }) {
  const app = useApp();
  const { key, number, candidate, chosen, place, colour, sameAs } = shown;
  const { label, source, kind, overlap, named } = candidate;
  const hovered = useAppState(({ align }) => align.hover === key);
  const notes = [
    kind === 'proposal' ? 'proposal' : sources[source],
    named ? 'named with the query' : '',
    sameAs === null ? '' : `same as ${sameAs}`,
  ];
  return (
    <li>
      <button
        type="button"
        className="align-row"
        aria-pressed={chosen}
        data-hover={hovered || undefined}
        onPointerEnter={() => hoverCandidate(app, key)}
        onPointerLeave={() => hoverCandidate(app, null)}
        onClick={() => void toggleMask(app, key)}
      >
        <span className="chip" style={{ borderColor: chosen ? colour : 'transparent' }}>
          {number}
        </span>
        <span className="grow cut">
          {label ?? 'mask'} <span className="quiet small">{notes.filter((note) => note !== '').join(', ')}</span>
        </span>
        {place === null ? null : <strong>{ordinal(place)}</strong>}
        <span className="number small quiet">{area(candidate.area)}</span>
        <span className="number align-overlap">{overlap === null ? '-' : `${Math.round(overlap * 100)} %`}</span>
      </button>
    </li>
  );
}
