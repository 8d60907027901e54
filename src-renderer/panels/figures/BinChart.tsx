/** @file Standing bars of numbers in order. Drawn for the eye; the table beside it says the same. */
import type { Chart } from './charts.ts';

/** Units of the drawing: about a pixel on a card. */
const width = 340;
const height = 130;
const foot = 18;
const head = 12;

export function BinChart({ chart: { rows, title, unit } }: { readonly chart: Chart }) {
  const most = Math.max(1, ...rows.map(({ value }) => value));
  const step = width / Math.max(rows.length, 4);
  const wide = rows.some(({ label }) => label.length > step / 6);
  const every = wide ? Math.ceil((6 * Math.max(...rows.map(({ label }) => label.length)) + 4) / step) : 1;
  return (
    <svg className="chart" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${title}: bars of ${unit}`}>
      {rows.map(({ label, value }, k) => {
        const tall = ((height - foot - head) * value) / most;
        const middle = (k + 0.5) * step;
        return (
          <g key={label}>
            <title>{`${label}: ${value.toLocaleString()} ${unit}`}</title>
            <rect className="chart-space" x={k * step} y={0} width={step} height={height - foot} />
            <rect
              className="chart-bar"
              x={k * step + 1.5}
              width={Math.max(1, step - 3)}
              y={height - foot - tall}
              height={tall}
            />
            {step >= 20 && value > 0 ? (
              <text className="chart-value" x={middle} y={height - foot - tall - 3}>
                {value.toLocaleString()}
              </text>
            ) : null}
            {k % every === 0 ? (
              <text className="chart-label" x={middle} y={height - 5}>
                {label}
              </text>
            ) : null}
          </g>
        );
      })}
      <line className="chart-line" x1={0} x2={width} y1={height - foot} y2={height - foot} />
    </svg>
  );
}
