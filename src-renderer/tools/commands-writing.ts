/** @file The commands of the stage of writing queries: one key a decision, the rest around the left hand. */
import type { State } from '../document/state.ts';
import { activeCandidate } from '../document/writing.ts';
import type { Command } from './command.ts';
import { drop, keep, reopen, showForm, stepCandidate, stepImage, takeBack, toggle } from './writing.ts';

const hasCandidate = ({ writing }: State) => activeCandidate(writing) !== null;
const waits = ({ writing }: State) => activeCandidate(writing)?.state === 'new';
const hasImage = ({ writing }: State) => writing.open !== null;

const command = (
  id: string,
  title: string,
  keys: readonly string[],
  run: Command['run'],
  more: Partial<Command> = {},
): Command => ({
  id: `candidate.${id}`,
  title,
  group: 'Writing',
  keys,
  scope: 'work',
  stages: ['queries'],
  enabled: hasCandidate,
  run,
  ...more,
});

export const writingCommands: readonly Command[] = [
  command('keep', 'Keep the candidate as a draft query', ['KeyK'], keep, { enabled: waits }),
  command('keep-enter', 'Keep the candidate', ['Enter', 'NumpadEnter'], keep, { scope: 'canvas', enabled: waits }),
  command('drop', 'Drop the candidate', ['KeyX', 'Delete'], drop, { enabled: waits }),
  command('edit', 'Edit the candidate', ['KeyE'], (app) => showForm(app, 'edit')),
  command('reopen', 'Let a dropped candidate wait again', ['KeyR'], reopen, {
    enabled: ({ writing }) => activeCandidate(writing)?.state === 'dropped',
  }),
  command('next', 'Next candidate', ['KeyS', 'ArrowDown'], (app) => stepCandidate(app, 1), { repeats: true }),
  command('previous', 'Previous candidate', ['KeyW', 'ArrowUp'], (app) => stepCandidate(app, -1), { repeats: true }),
  command('next-image', 'Next image', ['KeyD'], (app) => stepImage(app, 1), { enabled: hasImage, repeats: true }),
  command('previous-image', 'Previous image', ['KeyA'], (app) => stepImage(app, -1), {
    enabled: hasImage,
    repeats: true,
  }),
  command('add', 'Type a query', ['KeyQ'], (app) => showForm(app, 'add'), { enabled: hasImage }),
  command('boxes', 'Show or hide the boxes', ['KeyB'], (app) => toggle(app, 'boxes'), { enabled: hasImage }),
  command('origin', 'Where the candidate comes from', ['KeyI'], (app) => toggle(app, 'provenance')),
  command('setup', 'Models, templates and costs', ['KeyG'], (app) => toggle(app, 'setup'), { enabled: () => true }),
  command('undo', 'Take back', ['KeyZ', 'Ctrl+KeyZ'], takeBack, { enabled: ({ writing }) => writing.done.length > 0 }),
];
