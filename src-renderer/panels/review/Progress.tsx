/** @file How far everybody is, how far people agree, and how many must judge each query. */
import { SegmentedControl } from '@mantine/core';
import type { ReviewProgress } from '../../../src-main/contract/methods-review.ts';
import { setReviewersPerQuery } from '../../tools/validate.ts';
import { useApp, useAppState } from '../app-context.ts';

export function Progress() {
  const app = useApp();
  const progress = useAppState(({ review }) => review.progress);
  const me = useAppState(({ settings }) => settings.reviewer.trim());
  if (!progress) return null;
  const { queries, people, reviewersPerQuery } = progress;
  return (
    <>
      <section className="panel-part" aria-label="Progress">
        <h2 className="label">Progress</h2>
        <p className="number">
          {queries.passed.toLocaleString()} passed, {queries.failed.toLocaleString()} failed, of{' '}
          {queries.total.toLocaleString()}
        </p>
        <table className="figures-table">
          <thead>
            <tr>
              <th scope="col">Person</th>
              <th scope="col">Judged</th>
              <th scope="col">Left</th>
              <th scope="col">An hour</th>
            </tr>
          </thead>
          <tbody>
            {people.map(({ who, judged, left, perHour }) => (
              <tr key={who} data-me={who === me || undefined}>
                <th scope="row" title={who}>
                  {who}
                </th>
                <td>{judged.toLocaleString()}</td>
                <td>{left.toLocaleString()}</td>
                <td>{perHour === null ? '-' : Math.round(perHour).toLocaleString()}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <div className="row">
          <span id="reviewers-label" className="grow">
            Verdicts for each query
          </span>
          <SegmentedControl
            aria-labelledby="reviewers-label"
            data={['1', '2']}
            value={String(reviewersPerQuery)}
            onChange={(value) => void setReviewersPerQuery(app, value === '2' ? 2 : 1)}
          />
        </div>
      </section>
      <AgreementTable agreement={progress.agreement} />
    </>
  );
}

function AgreementTable({ agreement }: { readonly agreement: ReviewProgress['agreement'] }) {
  const { people, clear, correct } = agreement;
  if (people.length === 0) return null;
  const rows = [
    ...people.map((each) => ({ name: each.people.join(', '), clear: each.clear, correct: each.correct })),
    ...(people.length > 1 ? [{ name: 'All pairs', clear, correct }] : []),
  ];
  return (
    <section className="panel-part" aria-label="Agreement">
      <h2 className="label">Agreement</h2>
      <table className="figures-table">
        <thead>
          <tr>
            <th scope="col">People</th>
            <th scope="col">Clear</th>
            <th scope="col" title="Cohen's kappa: 1 is full agreement, 0 what chance gives">
              kappa
            </th>
            <th scope="col">Correct</th>
            <th scope="col" title="Cohen's kappa: 1 is full agreement, 0 what chance gives">
              kappa
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row" title={`${row.name}: ${row.clear.pairs} queries`}>
                {row.name}
              </th>
              <Numbers of={row.clear} />
              <Numbers of={row.correct} />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Numbers({ of }: { readonly of: ReviewProgress['agreement']['clear'] }) {
  const { observed, kappa, pairs } = of;
  const why = pairs > 0 && kappa === null ? 'Both always gave the same answer: kappa says nothing then' : undefined;
  return (
    <>
      <td>{observed === null ? '-' : `${Math.round(observed * 100)} %`}</td>
      <td title={why}>{kappa === null ? '-' : kappa.toFixed(2)}</td>
    </>
  );
}
