/** @file Lying bars of names, the first dozen; the table beside it has all. */
import type { Chart } from './charts.ts';

const width = 340;
const row = 17;
const names = 118;
const numbers = 44;
export const mostRows = 12;
/** Letters of a name that fit. */
const letters = 19;

export function CountChart({ chart: { rows, title, unit } }: { readonly chart: Chart }) {
  const shown = rows.slice(0, mostRows);
  const most = Math.max(1, ...shown.map(({ value }) => value));
  const height = Math.max(1, shown.length) * row;
  return (
    <svg className="chart" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${title}: bars of ${unit}`}>
      {shown.map(({ label, value }, k) => {
        const long = ((width - names - numbers) * value) / most;
        const middle = (k + 0.5) * row;
        return (
          <g key={label}>
            <title>{`${label}: ${value.toLocaleString()} ${unit}`}</title>
            <rect className="chart-space" x={0} y={k * row} width={width} height={row} />
            <text className="chart-name" x={names - 6} y={middle}>
              {label.length > letters ? `${label.slice(0, letters - 1)}…` : label}
            </text>
            <rect className="chart-bar" x={names} y={k * row + 2.5} height={row - 5} width={long} />
            <text className="chart-number" x={names + long + 5} y={middle}>
              {value.toLocaleString()}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
