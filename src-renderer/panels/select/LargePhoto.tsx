/** @file The image under the cursor as large as it goes; keys and buttons decide on it as in the grid. */
import { useEffect } from 'react';
import { ensureCandidates } from '../../tools/picking.ts';
import { useApp, useAppState } from '../app-context.ts';
import { CommandButton } from '../parts/CommandButton.tsx';
import { PhotoBoxes } from './PhotoBoxes.tsx';

export function LargePhoto() {
  const app = useApp();
  const { found, cursor } = useAppState(({ picking }) => picking);
  const image = found[cursor] ?? -1;
  const candidate = useAppState(({ picking }) => picking.candidates.get(image) ?? null);
  const verdict = useAppState(({ picking }) => picking.choices.get(image)?.verdict ?? null);
  useEffect(() => void ensureCandidates(app, found.slice(cursor, cursor + 3)), [app, found, cursor]);
  return (
    <div className="pick-large">
      <header className="row">
        <CommandButton id="pick.large" icon="back" text="Back to the grid" />
        <span className="grow cut">{candidate?.name}</span>
        <span className="number quiet">
          {(cursor + 1).toLocaleString()} of {found.length.toLocaleString()}
        </span>
        <CommandButton id="pick.previous" icon="back" />
        <CommandButton id="pick.next" icon="next" />
        <CommandButton id="pick.drop" icon="close" text={verdict === 'drop' ? 'Dropped' : 'Drop'} />
        <CommandButton id="pick.keep" icon="accept" text={verdict === 'keep' ? 'Kept' : 'Keep'} />
      </header>
      {candidate ? <PhotoBoxes key={image} candidate={candidate} max={1024} all /> : null}
    </div>
  );
}
