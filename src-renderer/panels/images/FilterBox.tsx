/** @file The filter box with its grammar: free words, and `status:open score:<0.6 text:"cup"`. */
import { Popover, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { setFilter } from '../../tools/list.ts';
import { useApp, useAppState } from '../app-context.ts';
import { Icon } from '../icons.tsx';
import { IconButton } from '../parts/IconButton.tsx';

/** What can be written, for the help beside the box. */
const grammar: readonly (readonly [string, string])[] = [
  ['status:open', 'new, open or done'],
  ['score:<0.6', 'has a mask with a lower score'],
  ['text:"cup"', 'in the file name or a query'],
  ['type:spatial', 'attribute, spatial or context'],
  ['none:yes', 'has a "nothing matches"'],
  ['category:cup', 'has a mask of that category'],
  ['file:missing', 'present, missing or changed'],
];

export function FilterBox() {
  const app = useApp();
  const known = useAppState((state) => state.images.filterText);
  const error = useAppState((state) => state.images.filterError);
  const wish = useAppState((state) => state.focus);
  const [help, setHelp] = useState(false);
  // The text is shown as it is typed; the state follows it, for some filters only after an answer of the host.
  const [typed, setTyped] = useState(known);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (wish.place === 'filter') input.current?.focus();
  }, [wish]);
  useEffect(() => {
    if (document.activeElement !== input.current) setTyped(known);
  }, [known]);

  const write = (text: string) => {
    setTyped(text);
    setFilter(app, text);
  };
  const add = (part: string) => {
    write(typed.trim() === '' ? part : `${typed.trim()} ${part}`);
    input.current?.focus();
  };
  return (
    <div className="row filter">
      <TextInput
        ref={input}
        className="grow"
        type="search"
        aria-label="Filter images"
        placeholder="Filter: name, or status:open"
        leftSection={<Icon name="search" />}
        spellCheck={false}
        value={typed}
        error={error}
        onChange={(e) => write(e.target.value)}
      />
      <Popover opened={help} onChange={setHelp} position="bottom-end" trapFocus returnFocus>
        <Popover.Target>
          <IconButton icon="help" label="What can be filtered" pressed={help} onClick={() => setHelp(!help)} />
        </Popover.Target>
        <Popover.Dropdown>
          <dl className="facts grammar">
            {grammar.map(([part, meaning]) => [
              <dt key={part}>
                <button type="button" className="grammar-part" onClick={() => add(part)}>
                  <code>{part}</code>
                </button>
              </dt>,
              <dd key={meaning}>{meaning}</dd>,
            ])}
          </dl>
        </Popover.Dropdown>
      </Popover>
    </div>
  );
}
