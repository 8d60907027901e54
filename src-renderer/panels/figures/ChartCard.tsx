/** @file One figure: chart, mean and ends, and the table of its numbers. */
import { useId } from 'react';
import { BinChart } from './BinChart.tsx';
import { CountChart, mostRows } from './CountChart.tsx';
import type { Chart } from './charts.ts';

export function ChartCard({ chart }: { readonly chart: Chart }) {
  const id = useId();
  const { title, unit, kind, rows, summary } = chart;
  const total = rows.reduce((sum, { value }) => sum + value, 0);
  const hidden = kind === 'counts' ? Math.max(0, rows.length - mostRows) : 0;
  return (
    <section className="card figure-card" aria-labelledby={id}>
      <header className="row figure-head">
        <h3 id={id} className="grow">
          {title}
        </h3>
        <span className="quiet">{unit}</span>
      </header>
      {total === 0 ? (
        <p className="quiet">Nothing to count.</p>
      ) : (
        <>
          {kind === 'bins' ? <BinChart chart={chart} /> : <CountChart chart={chart} />}
          {summary.length > 0 ? (
            <p className="figure-summary">
              {summary.map(([name, value]) => (
                <span key={name}>
                  <span className="quiet">{name}</span> <span className="number">{value}</span>
                </span>
              ))}
            </p>
          ) : null}
          <details className="details">
            <summary>Table{hidden > 0 ? ` (${hidden} more)` : ''}</summary>
            <table className="figures-table">
              <caption className="sr-only">{title}</caption>
              <thead>
                <tr>
                  <th scope="col">{kind === 'bins' ? 'from-to' : 'name'}</th>
                  <th scope="col">{unit}</th>
                  <th scope="col">%</th>
                </tr>
              </thead>
              <tbody>
                {rows.map(({ label, value }) => (
                  <tr key={label}>
                    <th scope="row">{label}</th>
                    <td>{value.toLocaleString()}</td>
                    <td>{((100 * value) / total).toFixed(1)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </details>
        </>
      )}
    </section>
  );
}
