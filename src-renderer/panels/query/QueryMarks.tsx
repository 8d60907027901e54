/** @file What a reviewer says of a query: kind, validation marks, whether the masks are all, a note. */
import { Checkbox, SegmentedControl, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Input } from '../../../src-main/contract/api.ts';
import type { Query } from '../../../src-main/contract/records.ts';
import { editQuery } from '../../tools/query.ts';
import { useApp } from '../app-context.ts';

type Edit = Input<'query.edit'>['edit'];

export function QueryMarks({ query }: { readonly query: Query }) {
  const app = useApp();
  const edit = (change: Edit) => editQuery(app, query.id, change);
  return (
    <details className="details">
      <summary>{summary(query)}</summary>
      <div className="marks">
        <Choice
          label="Form"
          value={query.form}
          options={[
            ['short', 'Short'],
            ['long', 'Long'],
          ]}
          onChange={(form) => edit({ form })}
        />
        <Choice
          label="Reasoning"
          value={query.reasoningType ?? 'none'}
          options={[
            ['none', '-'],
            ['attribute', 'Attribute'],
            ['spatial', 'Spatial'],
            ['context', 'Context'],
          ]}
          onChange={(type) => edit({ reasoningType: type === 'none' ? null : type })}
        />
        <Choice
          label="Text is clear"
          value={markOf(query.clear)}
          options={judged}
          onChange={(value) => edit({ clear: judgementOf(value) })}
        />
        <Choice
          label="Answer is correct"
          value={markOf(query.correct)}
          options={judged}
          onChange={(value) => edit({ correct: judgementOf(value) })}
        />
        <span />
        <Checkbox
          label="The masks are all that match"
          checked={query.exhaustive}
          onChange={(e) => edit({ exhaustive: e.target.checked })}
        />
        <Note key={query.id} query={query} onWrite={(note) => edit({ note })} />
      </div>
    </details>
  );
}

const judged = [
  ['open', '-'],
  ['yes', 'Yes'],
  ['no', 'No'],
] as const;
type Judged = (typeof judged)[number][0];

const markOf = (value: boolean | null): Judged => (value === null ? 'open' : value ? 'yes' : 'no');
const judgementOf = (value: Judged): boolean | null => (value === 'open' ? null : value === 'yes');

type ChoiceProps<V extends string> = {
  readonly label: string;
  readonly value: V;
  readonly options: readonly (readonly [V, string])[];
  readonly onChange: (value: V) => void;
};

function Choice<V extends string>({ label, value, options, onChange }: ChoiceProps<V>) {
  return (
    <>
      <span className="quiet" aria-hidden="true">
        {label}
      </span>
      <SegmentedControl
        aria-label={label}
        fullWidth
        data={options.map(([option, text]) => ({ value: option, label: text }))}
        value={value}
        onChange={onChange}
      />
    </>
  );
}

function Note({ query, onWrite }: { readonly query: Query; readonly onWrite: (note: string) => void }) {
  const [text, setText] = useState<string | null>(null);
  return (
    <Textarea
      className="wide-mark"
      label="Note"
      rows={2}
      maxLength={100_000}
      value={text ?? query.note}
      onChange={(e) => setText(e.target.value)}
      onBlur={() => {
        if (text !== null && text !== query.note) onWrite(text);
        setText(null);
      }}
    />
  );
}

/** The marks that are set, in one line. */
function summary(query: Query): string {
  const parts = [
    query.form,
    query.reasoningType ?? '',
    query.clear === null ? '' : query.clear ? 'clear' : 'not clear',
    query.correct === null ? '' : query.correct ? 'correct' : 'not correct',
    query.exhaustive ? 'all masks' : '',
    query.note === '' ? '' : 'has a note',
  ];
  return `Review: ${parts.filter((part) => part !== '').join(', ')}`;
}
