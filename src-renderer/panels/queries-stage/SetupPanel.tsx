/** @file What comes before candidates: a model asked, templates, captions and lists, and the jobs so far. */
import { Tabs } from '@mantine/core';
import { useState } from 'react';
import { useAppState } from '../app-context.ts';
import { CommandButton } from '../parts/CommandButton.tsx';
import { Section } from '../parts/Sheet.tsx';
import { JobForm } from './JobForm.tsx';
import { JobButtons, JobFacts } from './JobLine.tsx';
import { Materials } from './Materials.tsx';
import { TemplatesTab } from './TemplatesTab.tsx';

export function SetupPanel() {
  const [tab, setTab] = useState<string | null>('ask');
  return (
    <div className="writing-setup">
      <div className="row toolbar-row">
        <h2 className="grow">Models, templates and costs</h2>
        <CommandButton id="candidate.setup" icon="image" text="Back to the photo" />
      </div>
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="ask">Ask a model</Tabs.Tab>
          <Tabs.Tab value="templates">Templates</Tabs.Tab>
          <Tabs.Tab value="materials">Captions and lists</Tabs.Tab>
          <Tabs.Tab value="jobs">Jobs</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="ask">
          <JobForm />
        </Tabs.Panel>
        <Tabs.Panel value="templates">
          <TemplatesTab />
        </Tabs.Panel>
        <Tabs.Panel value="materials">
          <Materials />
        </Tabs.Panel>
        <Tabs.Panel value="jobs">
          <Jobs />
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}

function Jobs() {
  const generations = useAppState(({ writing }) => writing.generations);
  return (
    <div className="tab">
      {generations.length === 0 ? <p className="quiet">No model was asked yet.</p> : null}
      {generations.map((job) => (
        <Section
          key={job.id}
          title={`${job.id}: ${job.model}, ${job.settings.templates.join(', ')}`}
          note={`${new Date(job.at).toLocaleString()}${job.who ? `, ${job.who}` : ''}`}
        >
          <JobFacts job={job} />
          <JobButtons job={job} />
        </Section>
      ))}
    </div>
  );
}
