/** @file Reasoners: the language models that queries can be put to, each an OpenAI-compatible endpoint. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { EndpointState } from '../../../src-main/contract/methods-models.ts';
import { readReasoners } from '../../tools/start.ts';
import { useApp } from '../app-context.ts';
import { FailureNote, Note } from '../parts/FailureNote.tsx';
import { Section } from '../parts/Sheet.tsx';
import { useAnswer } from '../parts/use-call.ts';
import { EndpointCard } from './EndpointCard.tsx';
import { EndpointForm } from './EndpointForm.tsx';
import { type ServerPreset, servers } from './endpoint-presets.ts';

/** What the form is open for: one that exists, or a new one from a preset. */
type Editing = { readonly state: EndpointState } | { readonly preset: ServerPreset };

export function EndpointsSection() {
  const app = useApp();
  const list = useAnswer('endpoints.list', {});
  const [editing, setEditing] = useState<Editing | null>(null);
  const endpoints = list.value?.endpoints ?? [];
  const changed = () => {
    list.again();
    readReasoners(app).catch(() => undefined);
  };
  const done = () => {
    setEditing(null);
    changed();
  };
  return (
    <Section
      title="Reasoners"
      note="A query in words goes to a model that sees the photo and says where to look. Any OpenAI-compatible server will do, on this machine or elsewhere."
    >
      <FailureNote failure={list.failure}>
        <Button onClick={list.again}>Try again</Button>
      </FailureNote>
      {list.value && endpoints.length === 0 && !editing ? (
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
          <span className="quiet">Add one:</span>
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
