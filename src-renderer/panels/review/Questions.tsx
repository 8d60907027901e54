/** @file The two questions, and what else can be done with a query. */
import { useAppState } from '../app-context.ts';
import { KeyButton } from '../parts/KeyButton.tsx';

export function Questions() {
  const { clear, correct } = useAppState(({ review }) => review.marks);
  const masks = useAppState(({ review }) => review.queue.items[0]?.instances.length ?? 0);
  return (
    <div className="panel-part review-questions">
      <section className="stack" aria-label="Semantically clear?">
        <h2>Semantically clear?</h2>
        <p className="quiet small">Would everybody look for the same things?</p>
        <div className="key-pair">
          <KeyButton id="validate.clear" text="Yes" pressed={clear === true} />
          <KeyButton id="validate.unclear" text="No" pressed={clear === false} />
        </div>
      </section>
      <section className="stack" aria-label="Logically correct?">
        <h2>Logically correct?</h2>
        <p className="quiet small">
          {masks > 0
            ? 'Does it follow from the photo, and are these masks its answer?'
            : 'Does it follow from the photo?'}
        </p>
        <div className="key-pair">
          <KeyButton id="validate.correct" text="Yes" pressed={correct === true} />
          <KeyButton id="validate.incorrect" text="No" pressed={correct === false} />
        </div>
      </section>
      <KeyButton id="validate.pass" text="Yes to both" tone="main" />
      <div className="key-pair">
        <KeyButton id="validate.edit" text="Edit text" />
        <KeyButton id="validate.split" text="Paraphrases" />
        <KeyButton id="validate.reject" text="Reject" />
        <KeyButton id="validate.mend" text="Mend masks" />
        <KeyButton id="validate.undo" text="Take back" />
        <KeyButton id="validate.later" text="Put off" />
      </div>
    </div>
  );
}
