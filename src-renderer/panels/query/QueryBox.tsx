/**
 * @file The query box: Enter puts the query to the reasoner, Shift+Enter makes a line, arrow up brings texts that were
 * asked before. What is typed stays with its image.
 */
import { Button, Textarea } from '@mantine/core';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { chosenReasoner, openSuggestions } from '../../document/selectors.ts';
import { addQuery, setQueryText } from '../../tools/query.ts';
import { focus } from '../../tools/view.ts';
import { useApp, useAppState } from '../app-context.ts';
import { AnsweringModel, ModelDomain, NoReasoner } from './AnsweringModel.tsx';
import { cutToFit, lengthNote, queryKey } from './query-text.ts';
import { RecentTexts } from './RecentTexts.tsx';
import { SuggestedQueries, SuggestionsButton } from './SuggestedQueries.tsx';
import './query.css';

export function QueryBox() {
  const app = useApp();
  const imageId = useAppState((state) => state.open?.document.image.id ?? null);
  const text = useAppState((state) => (imageId === null ? '' : (state.queryTexts.get(imageId) ?? '')));
  const recent = useAppState((state) => state.recentTexts);
  const wish = useAppState((state) => state.focus);
  const reasoner = useAppState(chosenReasoner);
  const input = useRef<HTMLTextAreaElement>(null);
  // Which of the recent texts is shown: -1 is what the person typed, kept in `typed` meanwhile.
  const [recalled, setRecalled] = useState(-1);
  const [typed, setTyped] = useState('');
  const [cut, setCut] = useState(0);
  const suggestions = useAppState(openSuggestions);
  const hasQueries = useAppState((state) => (state.open?.document.queries.length ?? 0) > 0);
  // What the person wants to see; null as long as nobody has said: then only where a model would answer.
  const [suggesting, setSuggesting] = useState<boolean | null>(null);
  const suggests =
    (suggesting ?? (reasoner !== null && !hasQueries)) && text === '' && (suggestions?.texts.length ?? 0) > 0;

  useEffect(() => {
    if (wish.place === 'query') input.current?.focus();
  }, [wish]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another image has its own text.
  useEffect(() => {
    setRecalled(-1);
    setCut(0);
    setSuggesting(null);
  }, [imageId]);

  if (imageId === null) return null;
  const write = (next: string) => {
    const fitted = cutToFit(next);
    setCut(fitted.cut);
    setQueryText(app, fitted.text);
  };
  const recall = (step: 1 | -1) => {
    const next = Math.min(recent.length - 1, Math.max(-1, recalled + step));
    if (next === recalled) return;
    if (recalled === -1) setTyped(text);
    setRecalled(next);
    write(next === -1 ? typed : (recent[next] ?? ''));
  };
  const submit = () => {
    if (text.trim() === '') return;
    setRecalled(-1);
    setCut(0);
    addQuery(app, text);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const { selectionStart, selectionEnd } = event.currentTarget;
    const { isComposing } = event.nativeEvent;
    const { key, shiftKey, ctrlKey, metaKey, altKey, keyCode } = event;
    const meant = queryKey({ key, shiftKey, ctrlKey, metaKey, altKey, keyCode, isComposing }, text, [
      selectionStart,
      selectionEnd,
    ]);
    if (meant === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (meant === 'submit') submit();
    else if (meant === 'leave') focus(app, 'canvas');
    else recall(meant === 'older' ? 1 : -1);
  };

  return (
    <section className="panel-part" aria-label="New query">
      <Textarea
        ref={input}
        aria-label="Query about this image"
        placeholder="What should be found? For example: what could the child stand on to reach the shelf?"
        classNames={{ input: 'query-input' }}
        rows={3}
        value={text}
        onChange={(e) => {
          setRecalled(-1);
          write(e.target.value);
        }}
        onKeyDown={onKeyDown}
      />
      {cut > 0 ? (
        <p className="warn" role="alert">
          The text was too long: its last {cut.toLocaleString()} characters were cut off.
        </p>
      ) : null}
      {lengthNote(text) ? <p className="small quiet number">{lengthNote(text)}</p> : null}
      <div className="row query-actions">
        <AnsweringModel />
        <SuggestionsButton shown={suggests} onToggle={() => setSuggesting(!suggests)} />
        <RecentTexts
          onPick={(picked) => {
            write(picked);
            input.current?.focus();
          }}
        />
        <Button variant="filled" disabled={text.trim() === ''} onClick={submit}>
          {reasoner ? 'Ask' : 'Store'}
          <span className="button-key">Enter</span>
        </Button>
      </div>
      <ModelDomain />
      <NoReasoner />
      {suggests && suggestions ? <SuggestedQueries suggestions={suggestions} /> : null}
    </section>
  );
}
