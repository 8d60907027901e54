/** @file A mask that is being made and is not stored yet. */
import { draftMask } from '../../document/drafts.ts';
import { activeDraft } from '../../document/selectors.ts';
import { useAppState } from '../app-context.ts';
import { CommandButton } from '../parts/CommandButton.tsx';

export function NewMask() {
  const draft = useAppState(activeDraft);
  if (!draft) return null;
  const what = draft.target.kind === 'new' ? 'New mask' : 'Corrected mask';
  return (
    <section className="panel-part" aria-label={what}>
      <div className="row">
        <span className="swatch draft-swatch" />
        <span className="grow">
          {what}, <span className="warn">not stored yet</span>
          {draft.waiting || draftMask(draft) === null ? <span className="quiet"> (computing)</span> : null}
        </span>
        <CommandButton id="mask.candidates" icon="cycle" size="sm" />
        <CommandButton id="review.accept" icon="accept" size="sm" />
        <CommandButton id="review.reject" icon="close" size="sm" />
      </div>
    </section>
  );
}
