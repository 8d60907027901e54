/** @file The commands of choosing images: keep and drop go on to the next by themselves. */
import type { State } from '../document/state.ts';
import type { Command } from './command.ts';
import { decide, fill, move, moveRow, stepPicking, toggleLarge } from './picking.ts';

const hasImage = ({ picking }: State) => picking.found.length > 0;

const command = (
  id: string,
  title: string,
  keys: readonly string[],
  run: Command['run'],
  more: Partial<Command> = {},
): Command => ({
  id: `pick.${id}`,
  title,
  group: 'Selection',
  keys,
  scope: 'work',
  stages: ['select'],
  enabled: hasImage,
  run,
  ...more,
});

const canvas = { scope: 'canvas', repeats: true } as const;

export const pickingCommands: readonly Command[] = [
  command('keep', 'Keep the image', ['KeyK', 'Enter'], (app) => decide(app, 'keep'), canvas),
  command('drop', 'Drop the image', ['KeyX', 'Delete'], (app) => decide(app, 'drop'), canvas),
  command('undecide', 'Neither: undecided again', ['KeyU'], (app) => decide(app, null), canvas),
  command('next', 'Next image', ['ArrowRight', 'KeyD'], (app) => move(app, 1), canvas),
  command('previous', 'Previous image', ['ArrowLeft', 'KeyA'], (app) => move(app, -1), canvas),
  command('down', 'Image below', ['ArrowDown'], (app) => moveRow(app, 1), canvas),
  command('up', 'Image above', ['ArrowUp'], (app) => moveRow(app, -1), canvas),
  command('large', 'Show the image large', ['Space'], toggleLarge, { scope: 'canvas' }),
  command('fill', 'Fill to the quotas', ['KeyF'], fill),
  command('undo', 'Take back', ['KeyZ', 'Ctrl+KeyZ'], (app) => stepPicking(app, 'undo'), {
    enabled: ({ picking }) => picking.undo.length > 0,
  }),
  command('redo', 'Repeat', ['Shift+KeyZ', 'Ctrl+Shift+KeyZ', 'Ctrl+KeyY'], (app) => stepPicking(app, 'redo'), {
    enabled: ({ picking }) => picking.redo.length > 0,
  }),
];
