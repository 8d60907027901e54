/** @file The F1 sheet: every command with its keys, made from the table of commands. */
import { keysOf } from '../../tools/bindings.ts';
import { commandGroups } from '../../tools/command.ts';
import { commands } from '../../tools/commands.ts';
import { useAppState } from '../app-context.ts';
import { useKeyNames } from '../parts/use-key-names.ts';
import './keys.css';

/** What the mouse does, which no command says. */
const mouse: readonly (readonly [string, string])[] = [
  ['Click', 'Point on the object'],
  ['Right click', 'Point beside the object'],
  ['Click a point', 'Take the point away'],
  ['Alt+click', 'Pick the mask under the pointer'],
  ['Ctrl while brushing', 'Erase, or paint while erasing'],
  ['Wheel', 'Zoom to the pointer'],
  ['Space+drag, middle button', 'Move the photo'],
];

/** One command for each number: they share a row. */
const numbered = [
  { group: 'Review', start: 'mask.pick-', title: 'Select the mask with that number' },
  { group: 'Alignment', start: 'align.mask-', title: 'Take the mask with that number in or out' },
].map((row) => ({ ...row, picks: commands.filter(({ id }) => id.startsWith(row.start)) }));
const picks = numbered.flatMap((row) => row.picks);

export function KeysSheet() {
  const changed = useAppState((state) => state.settings.keys);
  const nameOf = useKeyNames();
  return (
    <div className="keys-columns">
      {commandGroups.map((group) => (
        <section key={group} className="keys-group" aria-label={group}>
          <h2 className="label">{group}</h2>
          <dl className="keys">
            {commands
              .filter((command) => command.group === group && !picks.includes(command))
              .map((command) => (
                <Row key={command.id} title={command.title} keys={keysOf(command, changed).map(nameOf)} />
              ))}
            {numbered
              .filter((row) => row.group === group)
              .map((row) => (
                <Row
                  key={row.start}
                  title={row.title}
                  keys={row.picks.flatMap((command) => keysOf(command, changed).slice(0, 1)).map(nameOf)}
                />
              ))}
          </dl>
        </section>
      ))}
      <section className="keys-group" aria-label="Mouse">
        <h2 className="label">Mouse</h2>
        <dl className="keys">
          {mouse.map(([gesture, what]) => (
            <Row key={gesture} title={what} keys={[gesture]} />
          ))}
        </dl>
      </section>
    </div>
  );
}

function Row({ title, keys }: { readonly title: string; readonly keys: readonly string[] }) {
  return (
    <>
      <dt>{title}</dt>
      <dd>
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dd>
    </>
  );
}
