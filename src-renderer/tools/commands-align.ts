/** @file The commands of the stage of alignment. */
import type { State } from '../document/state.ts';
import {
  confirm,
  mendMasks,
  nothingMatches,
  putOff,
  switchQueue,
  takeBack,
  toggleAll,
  toggleNumber,
  toggleOrder,
  toggleReference,
} from './align.ts';
import type { Command } from './command.ts';

const hasItem = ({ align }: State) => align.queue.items.length > 0;

const command = (
  id: string,
  title: string,
  keys: readonly string[],
  run: Command['run'],
  more: Partial<Command> = {},
): Command => ({
  id: `align.${id}`,
  title,
  group: 'Alignment',
  keys,
  scope: 'work',
  stages: ['align'],
  enabled: hasItem,
  run,
  ...more,
});

export const alignCommands: readonly Command[] = [
  command('confirm', 'Confirm the masks', ['Enter', 'NumpadEnter'], confirm, { scope: 'canvas' }),
  ...Array.from({ length: 9 }, (_, at) =>
    command(`mask-${at + 1}`, `Take mask ${at + 1} in or out`, [`Digit${at + 1}`, `Numpad${at + 1}`], (app) =>
      toggleNumber(app, at + 1),
    ),
  ),
  command('all', 'All masks, or none', ['KeyA'], toggleAll),
  command('order', 'Keep an order', ['KeyO'], toggleOrder),
  command('nothing', 'Nothing matches', ['KeyN'], nothingMatches),
  command('reference', "Show the model's reference mask", ['KeyR'], toggleReference, {
    enabled: ({ align }) => align.queue.items[0]?.reference != null,
  }),
  command('mend', 'Mend the masks', ['KeyM'], mendMasks),
  command('later', 'Put off', ['KeyD'], putOff),
  command('undo', 'Take back', ['KeyZ', 'Ctrl+KeyZ'], takeBack, {
    enabled: ({ align }) => align.queue.done.length > 0 || align.chosen !== null || align.ordered !== null,
  }),
  command('queue', 'What waits, or what asks for an order', ['KeyQ'], switchQueue, {
    enabled: ({ project }) => project.info !== null,
  }),
];
