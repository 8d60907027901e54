/** @file The commands of the stage of validation. The two questions lie under the left hand; Enter says yes to both. */
import type { State } from '../document/state.ts';
import type { Command } from './command.ts';
import { answer, mendMasks, pass, putOff, showForm, switchQueue, takeBack } from './validate.ts';

const hasItem = ({ review }: State) => review.queue.items.length > 0;

const command = (
  id: string,
  title: string,
  keys: readonly string[],
  run: Command['run'],
  more: Partial<Command> = {},
): Command => ({
  id: `validate.${id}`,
  title,
  group: 'Validation',
  keys,
  scope: 'work',
  stages: ['review'],
  enabled: hasItem,
  run,
  ...more,
});

export const validateCommands: readonly Command[] = [
  command('pass', 'Clear and correct', ['Enter', 'NumpadEnter'], pass, { scope: 'canvas' }),
  command('clear', 'The text is clear', ['Digit1', 'Numpad1'], (app) => answer(app, 'clear', true)),
  command('unclear', 'The text is not clear', ['Digit2', 'Numpad2'], (app) => answer(app, 'clear', false)),
  command('correct', 'It is correct', ['Digit3', 'Numpad3'], (app) => answer(app, 'correct', true)),
  command('incorrect', 'It is not correct', ['Digit4', 'Numpad4'], (app) => answer(app, 'correct', false)),
  command('edit', 'Edit the text', ['KeyE'], (app) => showForm(app, 'edit')),
  command('split', 'Split into paraphrases', ['KeyP'], (app) => showForm(app, 'split')),
  command('reject', 'Reject with a reason', ['KeyX'], (app) => showForm(app, 'reject')),
  command('later', 'Put off', ['KeyD'], putOff),
  command('mend', 'Mend the masks', ['KeyM'], mendMasks),
  command('undo', 'Take back', ['KeyZ', 'Ctrl+KeyZ'], takeBack, {
    enabled: ({ review }) =>
      review.queue.done.length > 0 || review.marks.clear !== null || review.marks.correct !== null,
  }),
  command(
    'queue',
    'What waits for me, or disagreements',
    ['KeyQ'],
    (app) => {
      const { name } = app.store.getState().review;
      return switchQueue(app, name === 'mine' ? 'disagreements' : 'mine');
    },
    { enabled: ({ project }) => project.info !== null },
  ),
];
