/** @file The figures of parts of the queries: by category, size, kind of reasoning, and what else divides them. */
import { Tabs } from '@mantine/core';
import { useState } from 'react';
import type { Evaluation } from '../../../src-main/contract/methods-evaluate.ts';
import { Section } from '../parts/Sheet.tsx';
import { meanings, partName, partOrder, perCent } from './names.ts';

const columns = [
  ['gIoU', 'refined.gIoU'],
  ['cIoU', 'refined.cIoU'],
  ['bIoU', 'refined.bIoU'],
  ['bF1', 'refined.bF1'],
  ['F1', 'instances.F1'],
  ['AP50', 'instances.AP50'],
] as const;

export function Parts({ parts }: Pick<Evaluation, 'parts'>) {
  const sorted = parts.toSorted((a, b) => partOrder(a.name) - partOrder(b.name));
  const [chosen, choose] = useState<string | null>(null);
  const shown = sorted.find(({ name }) => name === chosen) ?? sorted[0];
  if (!shown) return null;
  return (
    <Section title="Parts">
      <Tabs value={shown.name} onChange={choose} keepMounted={false}>
        <Tabs.List aria-label="Parts">
          {sorted.map(({ name }) => (
            <Tabs.Tab key={name} value={name}>
              {partName(name)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={shown.name}>
          <Part {...shown} />
        </Tabs.Panel>
      </Tabs>
    </Section>
  );
}

function Part({ name, rows, more }: Evaluation['parts'][number]) {
  return (
    <>
      <div className="part-table">
        <table className="figure-table">
          <thead>
            <tr>
              <th scope="col">{partName(name)}</th>
              <th scope="col">queries</th>
              {columns.map(([title]) => (
                <th key={title} scope="col" title={meanings[title]}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ value, queries, figures }) => (
              <tr key={value}>
                <th scope="row">{value}</th>
                <td>{queries.toLocaleString()}</td>
                {columns.map(([title, figure]) => (
                  <td key={title}>{perCent(figures[figure])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {more > 0 ? (
        <p className="quiet">{more.toLocaleString()} more with fewer queries; the saved report has all.</p>
      ) : null}
    </>
  );
}
