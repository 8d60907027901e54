/** @file Editing the text of a stored query in place: Enter or leaving stores it, Esc leaves it as it was. */
import { Textarea } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Query } from '../../../src-main/contract/records.ts';
import { editQuery } from '../../tools/query.ts';
import { focus } from '../../tools/view.ts';
import { useApp } from '../app-context.ts';
import { cutToFit } from './query-text.ts';

export function QueryTextEdit({ query, onDone }: { readonly query: Query; readonly onDone: () => void }) {
  const app = useApp();
  const [text, setText] = useState(query.text);
  const input = useRef<HTMLTextAreaElement>(null);
  const finished = useRef(false);
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);

  const finish = (store: boolean) => {
    // Leaving the field after Enter or Esc must not store a second time.
    if (finished.current) return;
    finished.current = true;
    const next = text.trim();
    if (store && next !== '' && next !== query.text) editQuery(app, query.id, { text: next });
    onDone();
  };
  return (
    <Textarea
      ref={input}
      aria-label="Text of the query"
      classNames={{ input: 'query-input' }}
      value={text}
      onChange={(e) => setText(cutToFit(e.target.value).text)}
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing || event.keyCode === 229) return;
        const enter = event.key === 'Enter' && !event.shiftKey;
        if (!enter && event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        finish(enter);
        focus(app, 'canvas');
      }}
    />
  );
}
