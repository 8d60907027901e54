/** @file Paraphrases of a query: other words for the same masks, each short or long. */
import { SegmentedControl, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Query } from '../../../src-main/contract/records.ts';
import { guessForm } from '../../document/review.ts';
import { showForm, split } from '../../tools/validate.ts';
import { useApp } from '../app-context.ts';
import { cutToFit } from '../query/query-text.ts';
import { FormKeys } from './FormKeys.tsx';

type Draft = { readonly text: string; readonly form: Query['form'] | null };

export function SplitForm({ query }: { readonly query: Query }) {
  const app = useApp();
  const [drafts, setDrafts] = useState<readonly Draft[]>([{ text: '', form: null }]);
  const set = (at: number, draft: Draft) => {
    const next = drafts.map((each, index) => (index === at ? draft : each));
    // There is always one more line to write on.
    setDrafts(next.at(-1)!.text.trim() === '' ? next : [...next, { text: '', form: null }]);
  };
  const parts = drafts
    .filter(({ text }) => text.trim() !== '')
    .map(({ text, form }) => ({ text: text.trim(), form: form ?? guessForm(text) }));
  return (
    <FormKeys
      title="Paraphrases"
      doneText={parts.length > 1 ? `Add ${parts.length}` : 'Add'}
      onDone={() => void split(app, parts)}
      onLeave={() => showForm(app, null)}
    >
      <p className="quiet small">Each becomes a query of its own with the same masks, and is judged by itself.</p>
      {drafts.map((draft, at) => (
        <div key={`${query.id} ${at.toString()}`} className="stack split-part">
          <Textarea
            {...(at === 0 ? { 'data-autofocus': true } : {})}
            autosize
            minRows={2}
            maxRows={6}
            aria-label={`Paraphrase ${at + 1}`}
            placeholder={at === 0 ? 'In other words...' : 'And another...'}
            value={draft.text}
            onChange={(e) => set(at, { ...draft, text: cutToFit(e.target.value).text })}
          />
          {draft.text.trim() === '' ? null : (
            <SegmentedControl
              aria-label={`Form of paraphrase ${at + 1}`}
              data={[
                { value: 'short', label: 'Short' },
                { value: 'long', label: 'Long' },
              ]}
              value={draft.form ?? guessForm(draft.text)}
              onChange={(form) => set(at, { ...draft, form })}
            />
          )}
        </div>
      ))}
    </FormKeys>
  );
}
