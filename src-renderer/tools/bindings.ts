/**
 * @file Keys as data: which keys a command has, where two want the same one, and what a key is called. A key is
 * `event.code` with its modifiers before it, in this order: `Ctrl+Alt+Shift+KeyZ`. Ctrl is Cmd on a Mac.
 */
import { type Command, shareStage } from './command.ts';
import { commandOf, commands } from './commands.ts';

/** Settings of keys: command -> its keys, separated by spaces; none is the empty text. */
export type KeySettings = Readonly<Record<string, string>>;

export const keysOf = (command: Command, settings: KeySettings): readonly string[] => {
  const own = settings[command.id];
  return own === undefined ? command.keys : own.split(' ').filter((key) => key !== '');
};

/** The commands that a key would run; more than one is a conflict. */
export const commandsOf = (key: string, settings: KeySettings): Command[] =>
  commands.filter((command) => keysOf(command, settings).includes(key));

/** Keys that more than one command has in the same stage, with those commands. */
export function conflicts(settings: KeySettings): { readonly key: string; readonly commands: readonly Command[] }[] {
  const keys = new Set(commands.flatMap((command) => keysOf(command, settings)));
  return [...keys]
    .map((key) => ({ key, commands: commandsOf(key, settings) }))
    .filter((each) =>
      each.commands.some((one, at) => each.commands.slice(at + 1).some((other) => shareStage(one, other))),
    );
}

export type Rebinding =
  | { readonly ok: true; readonly settings: KeySettings }
  /** Another command has the key: `settings` takes it away from that one, if the person wants so. */
  | { readonly ok: false; readonly message: string; readonly settings: KeySettings | null };

/** Gives a command one key in place of those it has. Back at its default it leaves the settings. */
export function rebind(id: string, key: string, settings: KeySettings): Rebinding {
  const command = commandOf(id);
  if (reserved.has(key)) return { ok: false, message: `${key} belongs to the system or the browser.`, settings: null };
  const others = commandsOf(key, settings).filter((other) => other.id !== id && shareStage(other, command));
  const mine = withKeys(settings, command, [key]);
  if (others.length === 0) return { ok: true, settings: mine };
  const taken = others.reduce(
    (all, other) =>
      withKeys(
        all,
        other,
        keysOf(other, settings).filter((each) => each !== key),
      ),
    mine,
  );
  const names = others.map(({ title }) => `"${title}"`).join(', ');
  return { ok: false, message: `${names} has this key already.`, settings: taken };
}

/** The command's default keys again. */
export function unbind(id: string, settings: KeySettings): KeySettings {
  const { [id]: _, ...rest } = settings;
  return rest;
}

function withKeys(settings: KeySettings, command: Command, keys: readonly string[]): KeySettings {
  const isDefault = keys.join(' ') === command.keys.join(' ');
  return isDefault ? unbind(command.id, settings) : { ...settings, [command.id]: keys.join(' ') };
}

/** Never reach the page, or must not be taken from it: reload, close, new window, developer tools. */
const reserved = new Set([
  'Ctrl+KeyR',
  'Ctrl+Shift+KeyR',
  'Ctrl+KeyW',
  'Ctrl+KeyT',
  'Ctrl+KeyN',
  'F5',
  'F11',
  'F12',
  'Ctrl+Shift+KeyI',
]);
