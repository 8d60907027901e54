/** @file One image of the grid: its photo, the boxes of what fits, and what was decided. */
import { memo } from 'react';
import { toggleLarge } from '../../tools/picking.ts';
import { useApp, useAppState } from '../app-context.ts';
import { Icon } from '../icons.tsx';
import { PhotoBoxes } from './PhotoBoxes.tsx';

type PhotoCellProps = {
  readonly id: string;
  readonly image: number;
  readonly place: number;
  readonly total: number;
  readonly isHere: boolean;
  readonly onPick: (place: number) => void;
};

const words = { keep: 'kept', drop: 'dropped', project: 'in the project', none: 'undecided' } as const;

export const PhotoCell = memo(function PhotoCell({ id, image, place, total, isHere, onPick }: PhotoCellProps) {
  const app = useApp();
  const candidate = useAppState(({ picking }) => picking.candidates.get(image) ?? null);
  const choice = useAppState(({ picking }) => picking.choices.get(image) ?? null);
  const isInProject = useAppState(({ picking }) => picking.inProject.has(image));
  const categories = useAppState(({ picking }) => picking.data?.categories ?? []);
  const state = isInProject ? 'project' : (choice?.verdict ?? 'none');
  const fits = candidate?.fits.map(({ category, count }) => `${count} ${categories[category]?.name}`).join(', ') ?? '';
  const counts = choice?.category != null ? ` for ${categories[choice.category]?.name}` : '';
  const isElsewhere = counts !== '' && !candidate?.fits.some(({ category }) => category === choice?.category);
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus and names this one as the active.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list's keys do the same.
    <div
      id={id}
      className="pick-cell"
      role="option"
      aria-selected={isHere}
      aria-posinset={place + 1}
      aria-setsize={total}
      aria-label={`${candidate?.name ?? 'Image'}: ${fits}, ${words[state]}${counts}`}
      data-state={state}
      onClick={() => onPick(place)}
      onDoubleClick={() => toggleLarge(app)}
    >
      {candidate ? <PhotoBoxes candidate={candidate} max={256} /> : null}
      <span className="pick-caption">
        <span className="cut grow">
          {candidate?.fits.map(({ category, count }, k) => (
            <span key={category} data-counts={choice?.category === category || undefined}>
              {k > 0 ? ', ' : ''}
              {count} {categories[category]?.name}
            </span>
          ))}
          {isElsewhere ? <span data-counts>{counts}</span> : null}
        </span>
        {state === 'keep' ? <Icon name="accept" /> : null}
        {state === 'drop' ? <Icon name="close" /> : null}
        {state === 'project' ? <Icon name="folder" /> : null}
      </span>
    </div>
  );
});
