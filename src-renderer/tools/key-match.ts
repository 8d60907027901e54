/** @file From a keyboard event to its key and its command. Pure, so that it is tested without a browser. */
import type { StageName } from '../document/stages.ts';
import { type KeySettings, keysOf } from './bindings.ts';
import { type Command, isOfStage } from './command.ts';
import { commands } from './commands.ts';

/** What counts of a KeyboardEvent. */
export type KeyPress = {
  readonly code: string;
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly metaKey: boolean;
  /** An input method is composing a word: its keys are its own, Enter and Esc included. */
  readonly isComposing: boolean;
  /** 229 says the same in browsers that report the first key of a composition before it begins. */
  readonly keyCode: number;
  readonly repeat: boolean;
  getModifierState(key: string): boolean;
};

/** Where the focus is. `text`: characters go there; `control`: it uses some keys itself; `page`: neither. */
export type FocusKind = 'text' | 'control' | 'page';

const modifierCodes = /^(Control|Shift|Alt|Meta|OS)(Left|Right)?$|^(CapsLock|NumLock|Fn)$/;

/** The key with its modifiers; null for what is no key of ours: composition, AltGr, a modifier alone. */
export function keyOf(press: KeyPress, isMac: boolean): string | null {
  if (press.isComposing || press.keyCode === 229 || press.key === 'Process' || press.key === 'Dead') return null;
  if (press.code === '' || modifierCodes.test(press.code)) return null;
  // On Windows AltGr reports Ctrl and Alt as pressed: the person types a character.
  if (press.getModifierState('AltGraph')) return null;
  const command = isMac ? press.metaKey : press.ctrlKey;
  const other = isMac ? press.ctrlKey : press.metaKey;
  if (other) return null;
  const parts = [command && 'Ctrl', press.altKey && 'Alt', press.shiftKey && 'Shift', press.code];
  return parts.filter(Boolean).join('+');
}

/** The command that a key press runs in a stage, where the focus is so; null for none. */
export function commandFor(
  press: KeyPress,
  focus: FocusKind,
  settings: KeySettings,
  isMac: boolean,
  stage: StageName = 'annotate',
): Command | null {
  const key = keyOf(press, isMac);
  if (key === null) return null;
  const allowed = commands.filter((command) => {
    const { scope } = command;
    if (!isOfStage(command, stage)) return false;
    if (scope === 'always') return true;
    return scope === 'work' ? focus !== 'text' : focus === 'page';
  });
  const found = allowed.find((command) => keysOf(command, settings).includes(key));
  if (!found || found.gesture) return null;
  return press.repeat && !found.repeats ? null : found;
}
