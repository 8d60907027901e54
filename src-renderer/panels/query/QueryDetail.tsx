/** @file The current query: its text, edited in place, what can be done with it, and its marks folded below. */

import { useState } from 'react';
import { activeAsking, activeQuery, chosenReasoner } from '../../document/selectors.ts';
import { askQuery } from '../../tools/ask.ts';
import { deleteQuery, setQueryText } from '../../tools/query.ts';
import { focus } from '../../tools/view.ts';
import { useApp, useAppState } from '../app-context.ts';
import { CommandButton } from '../parts/CommandButton.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import { statusName } from './QueryList.tsx';
import { QueryMarks } from './QueryMarks.tsx';
import { QueryTextEdit } from './QueryTextEdit.tsx';

export function QueryDetail() {
  const app = useApp();
  const query = useAppState(activeQuery);
  const reasoner = useAppState(chosenReasoner);
  const asking = useAppState((state) => activeAsking(state)?.state === 'asking');
  // The id of the query whose text is being edited, so that another query does not open in edit mode.
  const [editing, setEditing] = useState<number | null>(null);
  if (!query) return null;
  return (
    <section className="panel-part" aria-label="Current query">
      <header className="panel-head">
        <span className="grow small quiet">
          {statusName(query)}
          {query.reviewer ? `, by ${query.reviewer}` : ''}
        </span>
        <IconButton
          icon="cycle"
          size="sm"
          label="Ask again"
          note={reasoner ? 'Proposals that wait are replaced.' : 'No model can answer queries yet.'}
          disabled={!reasoner || asking}
          onClick={() => askQuery(app, query.id)}
        />
        <CommandButton id="query.nothing" icon="none" size="sm" pressed={query.noTarget} />
        <IconButton icon="edit" size="sm" label="Edit the text" onClick={() => setEditing(query.id)} />
        <IconButton
          icon="copy"
          size="sm"
          label="Paraphrase: copy the text into the query box"
          onClick={() => {
            setQueryText(app, query.text);
            focus(app, 'query');
          }}
        />
        <IconButton
          icon="trash"
          size="sm"
          tone="bad"
          label="Delete the query"
          onClick={() => deleteQuery(app, query.id)}
        />
      </header>
      {editing === query.id ? <QueryTextEdit query={query} onDone={() => setEditing(null)} /> : null}
      <QueryMarks query={query} />
    </section>
  );
}
