/** @file One mask of a list: its number (as on the photo and on the keys 1 to 9), score and size. */
import type { ReactNode } from 'react';
import type { Chip } from '../../document/chips.ts';
import { sameSelection } from '../../document/selectors.ts';
import { hoverMask, selectMask } from '../../tools/select.ts';
import { useApp, useAppState } from '../app-context.ts';
import { area } from '../parts/format.ts';
import { ScoreBar } from './ScoreBar.tsx';

export type ListedMask = Pick<Chip, 'selection' | 'colour' | 'score' | 'label' | 'record' | 'edited'> & {
  /** Null for masks that are not of the current query: they have no number on the photo. */
  readonly number: number | null;
};

type RowProps = {
  readonly chip: ListedMask;
  /** Buttons of the row. */
  readonly children: ReactNode;
};

export function MaskRow({ chip, children }: RowProps) {
  const app = useApp();
  const { selection, number, colour, score, label, record, edited } = chip;
  const selected = useAppState(({ open }) => sameSelection(open?.selection ?? null, selection));
  const hovered = useAppState(({ view }) => sameSelection(view.hover, selection));
  return (
    <li
      className="mask-row"
      data-selected={selected || undefined}
      data-hover={hovered || undefined}
      onPointerEnter={() => hoverMask(app, selection)}
      onPointerLeave={() => hoverMask(app, null)}
    >
      <button
        type="button"
        className="mask-pick"
        aria-pressed={selected}
        onFocus={() => hoverMask(app, selection)}
        onBlur={() => hoverMask(app, null)}
        onClick={() => selectMask(app, selection)}
      >
        {number === null ? (
          <span className="swatch" style={{ background: colour }} />
        ) : (
          <span className="chip" style={{ borderColor: colour }}>
            {number}
          </span>
        )}
        <span className="cut grow small quiet">
          {[label ?? madeBy(record), edited ? 'not stored' : ''].filter((part) => part !== '').join(', ')}
        </span>
        <ScoreBar value={score} />
        <span className="mask-area small quiet number">{area(record.area)}</span>
      </button>
      {children}
    </li>
  );
}

/** Where a stored mask comes from; nothing for proposals, which all come from the model. */
function madeBy(record: Chip['record']): string {
  if (!('source' in record)) return '';
  if (record.source === 'import') return 'imported';
  if (record.source === 'human') return 'by hand';
  return record.attributes['edited'] === true ? 'corrected' : 'model';
}
