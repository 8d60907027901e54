/** @file Which queue is worked on; in a disagreement, what each person said. */
import type { Review } from '../../../src-main/contract/review.ts';
import { switchQueue } from '../../tools/validate.ts';
import { useApp, useAppState } from '../app-context.ts';

export function Opinions() {
  const app = useApp();
  const name = useAppState(({ review }) => review.name);
  const left = useAppState(({ review }) => review.queue.left);
  const disagreements = useAppState(({ review }) => review.progress?.queries.disagreements ?? 0);
  const mine = useAppState(
    ({ review, settings }) => review.progress?.people.find(({ who }) => who === settings.reviewer.trim())?.left ?? null,
  );
  const verdicts = useAppState(({ review }) => review.queue.items[0]?.verdicts ?? null);
  const tabs = [
    ['mine', 'For you', name === 'mine' ? left : mine],
    ['disagreements', 'Disagreements', name === 'mine' ? disagreements : left],
  ] as const;
  return (
    <section className="panel-part" aria-label="Queue">
      <div className="count-tabs">
        {tabs.map(([queue, text, count]) => (
          <button
            key={queue}
            type="button"
            className="key-button"
            aria-pressed={name === queue}
            onClick={() => void switchQueue(app, queue)}
          >
            <span className="grow">{text}</span>
            <span className="number">{count?.toLocaleString() ?? ''}</span>
          </button>
        ))}
      </div>
      {name === 'disagreements' && verdicts ? (
        <ul className="stack opinions">
          {verdicts.map((verdict) => (
            <Opinion key={verdict.id} verdict={verdict} />
          ))}
        </ul>
      ) : null}
    </section>
  );
}

function Opinion({ verdict }: { readonly verdict: Review }) {
  const { who, clear, correct, rejected, reason } = verdict;
  return (
    <li>
      <strong>{who}</strong>: {said('clear', clear)}, {said('correct', correct)}
      {rejected ? <span className="bad">, rejected</span> : null}
      {reason === '' ? null : <span className="quiet">: {reason}</span>}
    </li>
  );
}

const said = (mark: string, value: boolean | null) => (value === null ? `${mark}: -` : value ? mark : `not ${mark}`);
