/** @file Rewording a query. Verdicts on the old wording count no longer. */
import { Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Query } from '../../../src-main/contract/records.ts';
import { editText, showForm } from '../../tools/validate.ts';
import { useApp } from '../app-context.ts';
import { cutToFit } from '../query/query-text.ts';
import { FormKeys } from './FormKeys.tsx';

export function EditForm({ query }: { readonly query: Query }) {
  const app = useApp();
  const [text, setText] = useState(query.text);
  return (
    <FormKeys title="Edit the text" onDone={() => void editText(app, text)} onLeave={() => showForm(app, null)}>
      <Textarea
        data-autofocus
        autosize
        minRows={3}
        maxRows={10}
        aria-label="Text of the query"
        value={text}
        onChange={(e) => setText(cutToFit(e.target.value).text)}
      />
      <p className="quiet small">Verdicts on the old wording count no longer; you judge the new one next.</p>
    </FormKeys>
  );
}
