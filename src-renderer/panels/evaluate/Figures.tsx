/** @file The figures of a result: masks before and after refinement, instances, "nothing matches", the spread of IoU. */
import type { Evaluation } from '../../../src-main/contract/methods-evaluate.ts';
import { Section } from '../parts/Sheet.tsx';
import { meanings, perCent } from './names.ts';

const maskFigures = ['gIoU', 'cIoU', 'bIoU', 'bF1'] as const;
const instanceFigures = ['AP', 'AP50', 'F1', 'precision', 'recall'] as const;

type Props = { readonly evaluation: Evaluation };

export function Figures({ evaluation }: Props) {
  const { figures, resamples } = evaluation;
  const has = (name: string) => (figures[name]?.value ?? null) !== null;
  const rows = (['semantic', 'refined'] as const).filter((mask) => has(`${mask}.gIoU`));
  return (
    <Section
      title="Figures"
      note={`Per cent${resamples > 0 ? `; below each, 95 % of ${resamples.toLocaleString()} resampled sets of images` : ''}.`}
    >
      <div className="figure-rows">
        <Table
          label="Masks"
          names={maskFigures}
          rows={rows.map((mask) => [rows.length === 1 ? 'All masks' : titles[mask], mask] as const)}
          figures={figures}
        />
        {has('instances.F1') || has('instances.AP') ? (
          <Table label="Instances" names={instanceFigures} rows={[['Instances', 'instances']]} figures={figures} />
        ) : null}
        <NothingMatches evaluation={evaluation} />
        <Spread evaluation={evaluation} />
      </div>
    </Section>
  );
}

const titles = { semantic: 'Before refinement', refined: 'After refinement' };

type TableProps = {
  readonly label: string;
  readonly names: readonly string[];
  readonly rows: readonly (readonly [title: string, prefix: string])[];
  readonly figures: Evaluation['figures'];
};

function Table({ label, names, rows, figures }: TableProps) {
  return (
    <table className="figure-table" aria-label={label}>
      <thead>
        <tr>
          <td />
          {names.map((name) => (
            <th key={name} scope="col" title={meanings[name]}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([title, prefix]) => (
          <tr key={prefix}>
            <th scope="row">{title}</th>
            {names.map((name) => (
              <td key={name}>
                <Value figure={figures[`${prefix}.${name}`]} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Value({ figure }: { readonly figure: Evaluation['figures'][string] | undefined }) {
  const interval = figure?.interval;
  return (
    <>
      <strong className="figure-value">{perCent(figure?.value)}</strong>
      {interval ? <span className="quiet small">{`${perCent(interval[0])} to ${perCent(interval[1])}`}</span> : null}
    </>
  );
}

function NothingMatches({ evaluation: { figures, noTarget, queries } }: Props) {
  const of = (name: string) => perCent(figures[`noTarget.${name}`]?.value);
  if (noTarget === 0 && of('falseAlarms') === '0.0') return null;
  return (
    <p>
      {noTarget > 0 ? (
        <>
          "Nothing matches" was recognised in <strong>{of('recognised')} %</strong> of {noTarget.toLocaleString()}{' '}
          queries
          {queries > noTarget ? ', and said by mistake in ' : '.'}
        </>
      ) : (
        '"Nothing matches" was said by mistake in '
      )}
      {queries > noTarget ? (
        <>
          <strong>{of('falseAlarms')} %</strong> of the {(queries - noTarget).toLocaleString()} others.
        </>
      ) : null}
    </p>
  );
}

function Spread({ evaluation: { histogram } }: Props) {
  const counts = histogram.refined;
  if (!counts) return null;
  const most = Math.max(...counts, 1);
  return (
    <figure className="spread">
      <figcaption className="quiet">Queries by IoU</figcaption>
      <ol>
        {counts.map((count, k) => {
          const range = `IoU ${10 * k} to ${10 * (k + 1)} %: ${count.toLocaleString()}`;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the tenths are always the same ones.
            <li key={k} title={range}>
              <span className="sr-only">{range}</span>
              <span aria-hidden className="number small">
                {count > 0 ? count.toLocaleString() : ''}
              </span>
              <span aria-hidden className="spread-bar" style={{ height: `${(3.5 * count) / most}rem` }} />
              <span aria-hidden className="number quiet small">
                {10 * k}
              </span>
            </li>
          );
        })}
      </ol>
    </figure>
  );
}
