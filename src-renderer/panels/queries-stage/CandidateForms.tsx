/** @file Editing a candidate, and typing a query of one's own. Enter does it, Esc leaves. */
import { Button, SegmentedControl, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Candidate } from '../../../src-main/contract/generate.ts';
import { addOwn, edit, showForm } from '../../tools/writing.ts';
import { useApp } from '../app-context.ts';
import { cutToFit } from '../query/query-text.ts';
import { FormKeys } from '../review/FormKeys.tsx';

type Said = Pick<Candidate, 'text' | 'form' | 'reasoningType'>;

export function EditCandidate({ candidate }: { readonly candidate: Candidate }) {
  const app = useApp();
  const { text, form, reasoningType, original } = candidate;
  const [said, setSaid] = useState<Said>({ text, form, reasoningType });
  const store = (andKeep: boolean) => {
    const trimmed = said.text.trim();
    if (trimmed !== '') void edit(app, { ...said, text: trimmed }, andKeep);
  };
  return (
    <FormKeys
      title="Edit the candidate"
      doneText="Store"
      onDone={() => store(false)}
      onLeave={() => showForm(app, null)}
    >
      <Words said={said} setSaid={setSaid} label="Text of the candidate" />
      {original === said.text ? null : (
        <p className="quiet small">
          As the model wrote it: <span lang="">{original}</span>
        </p>
      )}
      <Button onClick={() => store(true)}>Store and keep</Button>
    </FormKeys>
  );
}

export function AddForm() {
  const app = useApp();
  const [said, setSaid] = useState<Said>({ text: '', form: 'long', reasoningType: null });
  const add = () => {
    if (said.text.trim() === '') return showForm(app, null);
    void addOwn(app, { ...said, text: said.text.trim() });
    setSaid({ ...said, text: '' });
  };
  return (
    <FormKeys title="A query of your own" doneText="Add" onDone={add} onLeave={() => showForm(app, null)}>
      <Words said={said} setSaid={setSaid} label="Text of the query" />
    </FormKeys>
  );
}

type WordsProps = { readonly said: Said; readonly setSaid: (said: Said) => void; readonly label: string };

function Words({ said, setSaid, label }: WordsProps) {
  return (
    <>
      <Textarea
        data-autofocus
        autosize
        minRows={3}
        maxRows={10}
        aria-label={label}
        value={said.text}
        onChange={(e) => setSaid({ ...said, text: cutToFit(e.target.value).text })}
      />
      <div className="row wrap">
        <SegmentedControl
          aria-label="Form"
          size="xs"
          data={[
            { value: 'short', label: 'Short' },
            { value: 'long', label: 'Long' },
          ]}
          value={said.form}
          onChange={(form) => setSaid({ ...said, form })}
        />
        <SegmentedControl
          aria-label="Reasoning"
          size="xs"
          data={[
            { value: 'none', label: '-' },
            { value: 'attribute', label: 'Attribute' },
            { value: 'spatial', label: 'Spatial' },
            { value: 'context', label: 'Context' },
          ]}
          value={said.reasoningType ?? 'none'}
          onChange={(type) => setSaid({ ...said, reasoningType: type === 'none' ? null : type })}
        />
      </div>
    </>
  );
}
