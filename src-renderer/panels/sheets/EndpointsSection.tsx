/** @file Reasoners: what queries can be put to. Models that run here are among the packs, the others are endpoints. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { EndpointState } from '../../../src-main/contract/methods-models.ts';
import { readReasoners } from '../../tools/start.ts';
import { useApp, useAppState } from '../app-context.ts';
import { FailureNote, Note } from '../parts/FailureNote.tsx';
import { Section } from '../parts/Sheet.tsx';
import { useAnswer } from '../parts/use-call.ts';
import { EndpointCard } from './EndpointCard.tsx';
import { EndpointForm } from './EndpointForm.tsx';
import { type ServerPreset, servers } from './endpoint-presets.ts';
import { LocalReasonerCard } from './LocalReasonerCard.tsx';
import { useSettings } from './use-settings.ts';

/** What the form is open for: one that exists, or a new one from a preset. */
type Editing = { readonly state: EndpointState } | { readonly preset: ServerPreset };

export function EndpointsSection() {
  const app = useApp();
  const list = useAnswer('endpoints.list', {});
  const [editing, setEditing] = useState<Editing | null>(null);
  const endpoints = list.value?.endpoints ?? [];
  const local = useAppState((state) => state.reasoners).filter(({ kind }) => kind !== 'endpoint');
  const { settings, write } = useSettings();
  const changed = () => {
    list.again();
    readReasoners(app).catch(() => undefined);
  };
  const done = (id: string) => {
    // Whoever sets one up wants it to answer, unless another one was chosen.
    if (editing && 'preset' in editing && settings.reasoner === null) write({ reasoner: id });
    setEditing(null);
    changed();
  };
  return (
    <Section
      title="Reasoners"
      note="A query in words goes to a model that sees the photo and says where to look: a model pack of this machine, or any OpenAI-compatible server, here or elsewhere."
    >
      <FailureNote failure={list.failure}>
        <Button onClick={list.again}>Try again</Button>
      </FailureNote>
      {local.map((one) => (
        <LocalReasonerCard key={one.id} reasoner={one} />
      ))}
      {list.value && endpoints.length === 0 && local.length === 0 && !editing ? (
        <Note
          title="No reasoner is set up yet"
          hint="Choose where your model runs. Clicks and boxes work without one; queries are kept and can be asked later."
        />
      ) : null}
      {endpoints.map((one) =>
        editing && 'state' in editing && editing.state.id === one.id ? null : (
          <EndpointCard key={one.id} state={one} onEdit={() => setEditing({ state: one })} onChanged={changed} />
        ),
      )}
      {editing && list.value ? (
        <EndpointForm
          key={'state' in editing ? editing.state.id : editing.preset.id}
          {...editing}
          taken={endpoints.map((one) => one.id)}
          keychain={list.value.keychain}
          onDone={done}
          onCancel={() => setEditing(null)}
        />
      ) : (
        <div className="row wrap">
          <span className="quiet">{local.length > 0 ? 'Add a server, for larger models:' : 'Add one:'}</span>
          {servers.map((preset) => (
            <Button key={preset.id} onClick={() => setEditing({ preset })}>
              {preset.title}
            </Button>
          ))}
        </div>
      )}
    </Section>
  );
}
