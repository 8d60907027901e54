/** @file Who did what. */
import type { Figures } from '../../../src-main/contract/figures.ts';

export function PeopleTable({ people }: Pick<Figures['work'], 'people'>) {
  if (people.length === 0) {
    return <p className="quiet">Nobody has given a name. It is asked for in the settings.</p>;
  }
  return (
    <table className="figures-table people-table">
      <caption className="sr-only">People</caption>
      <thead>
        <tr>
          <th scope="col">name</th>
          <th scope="col">actions</th>
          <th scope="col">verdicts</th>
          <th scope="col">hours</th>
        </tr>
      </thead>
      <tbody>
        {people.map(({ who, actions, verdicts, hours }) => (
          <tr key={who}>
            <th scope="row" title={who}>
              {who}
            </th>
            <td>{actions.toLocaleString()}</td>
            <td>{verdicts.toLocaleString()}</td>
            <td>{hours.toFixed(1)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
