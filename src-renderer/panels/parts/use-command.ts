/** @file Commands as panels need them: with their keys as they are now and as the keyboard has them. */
import { keysOf } from '../../tools/bindings.ts';
import type { Command } from '../../tools/command.ts';
import { commandOf } from '../../tools/commands.ts';
import { useAppState } from '../app-context.ts';
import { useKeyNames } from './use-key-names.ts';

/** The command, and its first key for people ("Ctrl+Z"); null where it has none. */
export function useCommand(id: string): { readonly command: Command; readonly keys: string | null } {
  const settings = useAppState((state) => state.settings.keys);
  const nameOf = useKeyNames();
  const command = commandOf(id);
  const first = keysOf(command, settings)[0];
  return { command, keys: first === undefined ? null : nameOf(first) };
}
