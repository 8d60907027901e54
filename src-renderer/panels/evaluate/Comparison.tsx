/** @file Two models on the same queries: differences, and how likely they are to be chance. */
import type { Evaluation } from '../../../src-main/contract/methods-evaluate.ts';
import { Section } from '../parts/Sheet.tsx';
import { figureName, perCent, signed } from './names.ts';

/** Below this a difference is called more than chance. */
const level = 0.05;

type Props = { readonly results: string; readonly against: NonNullable<Evaluation['against']> };

export function Comparison({ results, against: { name, differences } }: Props) {
  return (
    <Section
      title={`${results}, against ${name}`}
      note="Paired by query. p is the share of exchanges of both models' answers, image by image, that give a difference as large: a small one is more than chance. Many lines are tested at once, so one that is barely below .05 says little."
    >
      <div className="part-table">
        <table className="figure-table">
          <thead>
            <tr>
              <td />
              <th scope="col">this</th>
              <th scope="col">other</th>
              <th scope="col">difference</th>
              <th scope="col">95 %</th>
              <th scope="col">p</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {differences.map(({ figure, value, other, difference, interval, p }) => {
              const sure = p !== null && p < level;
              const title = figureName(figure);
              if (title === null) return null;
              return (
                <tr key={figure} data-sure={sure || undefined}>
                  <th scope="row">{title}</th>
                  <td>{perCent(value)}</td>
                  <td>{perCent(other)}</td>
                  <td>{signed(difference)}</td>
                  <td>{interval ? `${signed(interval[0])} to ${signed(interval[1])}` : '–'}</td>
                  <td>{p === null ? '–' : p < 0.001 ? '< .001' : p.toFixed(3).replace(/^0/, '')}</td>
                  <td>{sure ? 'more than chance' : ''}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
