/** @file The worst and the best answers as pictures. */
import type { Evaluation, ShownAnswer } from '../../../src-main/contract/methods-evaluate.ts';
import { Section } from '../parts/Sheet.tsx';
import { AnswerPicture } from './AnswerPicture.tsx';

const keys = [
  ['hit', 'found'],
  ['missed', 'missed'],
  ['extra', 'too much'],
  ['ignored', 'ignored'],
] as const;

export function Gallery({ worst, best }: Pick<Evaluation, 'worst' | 'best'>) {
  const ignores = [...worst, ...best].some(({ ignored }) => ignored !== null);
  return (
    <>
      <p className="row wrap answer-keys">
        {keys
          .filter(([name]) => ignores || name !== 'ignored')
          .map(([name, title]) => (
            <span key={name} className="row">
              <span className="answer-key" data-key={name} />
              {title}
            </span>
          ))}
      </p>
      <Answers title="Worst" answers={worst} />
      <Answers title="Best" answers={best} />
    </>
  );
}

function Answers({ title, answers }: { readonly title: string; readonly answers: readonly ShownAnswer[] }) {
  if (answers.length === 0) return null;
  return (
    <Section title={`${title} ${answers.length}`}>
      <ul className="answers">
        {answers.map((answer, k) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a result is never changed, and its queries need not have ids.
          <li key={k}>
            <AnswerPicture answer={answer} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
