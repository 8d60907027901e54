/** @file The stage of figures: what is in the dataset, by the status of its queries, and what the work has cost. */
import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { Figures } from '../../../src-main/contract/figures.ts';
import type { QueryStatus } from '../../../src-main/contract/records.ts';
import { Icon } from '../icons.tsx';
import { FailureNote } from '../parts/FailureNote.tsx';
import { count } from '../parts/format.ts';
import { Section } from '../parts/Sheet.tsx';
import { useAnswer } from '../parts/use-call.ts';
import '../parts/stage-work.css';
import { ChartCard } from './ChartCard.tsx';
import { contentCharts, figuresCsv, workCharts } from './charts.ts';
import './figures.css';
import { ModelTable } from './ModelTable.tsx';
import { PeopleTable } from './PeopleTable.tsx';
import { ReleaseSection } from './ReleaseSection.tsx';

const choices: Readonly<Record<string, { readonly label: string; readonly statuses: QueryStatus[] }>> = {
  accepted: { label: 'Accepted', statuses: ['accepted'] },
  undecided: { label: 'Undecided', statuses: ['draft', 'proposed'] },
  rejected: { label: 'Rejected', statuses: ['rejected'] },
  all: { label: 'All', statuses: ['draft', 'proposed', 'accepted', 'rejected'] },
};

export function FiguresStage() {
  const [chosen, choose] = useState('accepted');
  const { value, failure, busy, again } = useAnswer('project.figures', {
    statuses: choices[chosen]?.statuses ?? ['accepted'],
  });
  return (
    <main className="figures-stage" aria-label="Figures" aria-busy={busy}>
      <h1 className="sr-only">Figures</h1>
      <div className="row wrap figures-bar">
        <SegmentedControl
          aria-label="Queries that are counted"
          value={chosen}
          onChange={choose}
          data={Object.entries(choices).map(([name, { label }]) => ({ value: name, label }))}
        />
        <p className="grow quiet figures-totals" role="status">
          {value ? totals(value) : 'Counting'}
        </p>
        {value ? <CopyButtons figures={value} /> : null}
        <Button onClick={again} loading={busy}>
          Count again
        </Button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls has to be reached with the keyboard. */}
      <section className="figures-body" aria-label="Charts" tabIndex={0}>
        <FailureNote failure={failure} />
        {value ? <Body figures={value} /> : null}
        {value ? <ReleaseSection /> : null}
      </section>
    </main>
  );
}

function totals({ content }: Figures): string {
  const { queries, images, instances, noTarget, unasked } = content;
  const parts = [`${count(queries, 'query', 'queries')} on ${count(images, 'image')}`, count(instances, 'mask')];
  if (noTarget > 0) parts.push(`nothing matches in ${noTarget.toLocaleString()}`);
  if (unasked > 0) parts.push(`${count(unasked, 'other mask')} in the project`);
  return parts.join(', ');
}

function Body({ figures }: { readonly figures: Figures }) {
  return (
    <>
      <Section title="Dataset">
        {figures.content.queries === 0 ? (
          <p className="quiet">There is no such query. Choose another status above.</p>
        ) : (
          <div className="chart-grid">
            {contentCharts(figures).map((chart) => (
              <ChartCard key={chart.id} chart={chart} />
            ))}
          </div>
        )}
      </Section>
      <Section title="Work" note="Of the whole project, whatever is chosen above.">
        <div className="chart-grid">
          {workCharts(figures).map((chart) => (
            <ChartCard key={chart.id} chart={chart} />
          ))}
        </div>
      </Section>
      <Section
        title="Proposals of models"
        note="Corrected: accepted, but no longer the mask that was proposed. Accepted: of all that were decided."
      >
        <div className="figure-scroll">
          <ModelTable models={figures.work.models} />
        </div>
      </Section>
      <Section title="People">
        <div className="figure-scroll">
          <PeopleTable people={figures.work.people} />
        </div>
      </Section>
    </>
  );
}

function CopyButtons({ figures }: { readonly figures: Figures }) {
  const [said, say] = useState('');
  const copy = async (what: string, text: string) => {
    const done = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    say(done ? `${what} copied` : 'The browser did not allow copying.');
  };
  return (
    <>
      <span className="quiet" role="status">
        {said}
      </span>
      <Button onClick={() => copy('CSV', figuresCsv(figures))}>
        <Icon name="copy" />
        <span className="after-icon">Copy CSV</span>
      </Button>
      <Button onClick={() => copy('JSON', `${JSON.stringify(figures, null, 2)}\n`)}>
        <Icon name="copy" />
        <span className="after-icon">Copy JSON</span>
      </Button>
    </>
  );
}
