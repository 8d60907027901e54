/**
 * @file Every command once: key bindings, tooltips, buttons and the F1 sheet are made from this table. Keys are
 * physical (`event.code`), so that they lie in the same place on every layout.
 */
import { activeQuery, shownMask } from '../document/selectors.ts';
import type { State } from '../document/state.ts';
import type { Command } from './command.ts';
import { alignCommands } from './commands-align.ts';
import { drawCommands } from './commands-draw.ts';
import { pickingCommands } from './commands-picking.ts';
import { stageCommands } from './commands-stage.ts';
import { validateCommands } from './commands-validate.ts';
import { viewCommands } from './commands-view.ts';
import { writingCommands } from './commands-writing.ts';
import { redo, undo } from './history.ts';
import { stepImage, stepUndecided } from './navigate.ts';
import { askAgain, repeatLastQuery } from './query.ts';
import { deleteSelected } from './remove-mask.ts';
import { accept, acceptAll, markNothing, rejectOrCancel } from './review.ts';
import { pickNumber, stepMask, stepQuery } from './select.ts';
import { focus } from './view.ts';

const hasImage = ({ open }: State) => open !== null;
const hasProject = ({ project }: State) => project.info !== null;
const hasQuery = (state: State) => activeQuery(state) !== null;

const imageCommands: readonly Command[] = [
  {
    id: 'image.previous',
    title: 'Previous image',
    group: 'Images',
    keys: ['KeyA'],
    scope: 'work',
    repeats: true,
    enabled: hasProject,
    run: (app) => stepImage(app, -1),
  },
  {
    id: 'image.next',
    title: 'Next image',
    group: 'Images',
    keys: ['KeyD'],
    scope: 'work',
    repeats: true,
    enabled: hasProject,
    run: (app) => stepImage(app, 1),
  },
  {
    id: 'image.next-undecided',
    title: 'Next image that waits for a decision',
    group: 'Images',
    keys: ['Tab'],
    scope: 'canvas',
    enabled: hasProject,
    run: (app) => stepUndecided(app, 1),
  },
  {
    id: 'image.previous-undecided',
    title: 'Previous image that waits for a decision',
    group: 'Images',
    keys: ['Shift+Tab'],
    scope: 'canvas',
    enabled: hasProject,
    run: (app) => stepUndecided(app, -1),
  },
  {
    id: 'filter.focus',
    title: 'Filter the images',
    group: 'Images',
    keys: ['Ctrl+KeyF'],
    scope: 'always',
    enabled: hasProject,
    run: (app) => focus(app, 'filter'),
  },
];

const queryCommands: readonly Command[] = [
  {
    id: 'query.focus',
    title: 'Type a query',
    group: 'Query',
    keys: ['KeyQ', 'Slash'],
    scope: 'work',
    enabled: hasImage,
    run: (app) => focus(app, 'query'),
  },
  {
    id: 'query.repeat',
    title: 'Ask the last query on this image',
    group: 'Query',
    keys: ['KeyG'],
    scope: 'work',
    enabled: hasImage,
    run: repeatLastQuery,
  },
  {
    id: 'query.ask',
    title: 'Ask this query again',
    group: 'Query',
    keys: ['Shift+KeyG'],
    scope: 'work',
    enabled: hasQuery,
    run: (app) => askAgain(app),
  },
  {
    id: 'query.nothing',
    title: 'Nothing matches',
    group: 'Query',
    keys: ['KeyN'],
    scope: 'work',
    enabled: hasQuery,
    run: markNothing,
  },
  {
    id: 'query.previous',
    title: 'Previous query of the image',
    group: 'Query',
    keys: ['KeyW'],
    scope: 'work',
    repeats: true,
    enabled: hasQuery,
    run: (app) => stepQuery(app, -1),
  },
  {
    id: 'query.next',
    title: 'Next query of the image',
    group: 'Query',
    keys: ['KeyS'],
    scope: 'work',
    repeats: true,
    enabled: hasQuery,
    run: (app) => stepQuery(app, 1),
  },
];

const reviewCommands: readonly Command[] = [
  {
    id: 'review.accept',
    title: 'Accept the mask',
    group: 'Review',
    keys: ['Enter', 'NumpadEnter'],
    scope: 'canvas',
    enabled: ({ open }) => open !== null && open.selection !== null,
    run: accept,
  },
  {
    id: 'review.accept-all',
    title: 'Accept all masks and go on',
    group: 'Review',
    keys: ['Shift+Enter', 'Shift+NumpadEnter'],
    scope: 'canvas',
    enabled: hasImage,
    run: acceptAll,
  },
  {
    id: 'review.reject',
    title: 'Reject the mask, or drop what is unfinished',
    group: 'Review',
    keys: ['Escape'],
    scope: 'work',
    enabled: hasImage,
    run: rejectOrCancel,
  },
  {
    id: 'mask.delete',
    title: 'Delete the mask',
    group: 'Review',
    keys: ['Delete', 'Backspace'],
    scope: 'work',
    enabled: (state) => shownMask(state) !== null,
    run: deleteSelected,
  },
  {
    id: 'mask.previous',
    title: 'Previous mask',
    group: 'Review',
    keys: ['ArrowUp'],
    scope: 'canvas',
    repeats: true,
    enabled: hasImage,
    run: (app) => stepMask(app, -1),
  },
  {
    id: 'mask.next',
    title: 'Next mask',
    group: 'Review',
    keys: ['ArrowDown'],
    scope: 'canvas',
    repeats: true,
    enabled: hasImage,
    run: (app) => stepMask(app, 1),
  },
  ...Array.from({ length: 9 }, (_, at): Command => {
    const number = at + 1;
    return {
      id: `mask.pick-${number}`,
      title: `Select mask ${number}`,
      group: 'Review',
      keys: [`Digit${number}`, `Numpad${number}`],
      scope: 'work',
      enabled: hasImage,
      run: (app) => pickNumber(app, number),
    };
  }),
];

const historyCommands: readonly Command[] = [
  {
    id: 'history.undo',
    title: 'Undo',
    group: 'History',
    keys: ['Ctrl+KeyZ'],
    scope: 'work',
    repeats: true,
    enabled: (state) => (state.open?.document.history.undo ?? null) !== null || hasUnfinished(state),
    run: undo,
  },
  {
    id: 'history.redo',
    title: 'Redo',
    group: 'History',
    keys: ['Ctrl+Shift+KeyZ', 'Ctrl+KeyY'],
    scope: 'work',
    repeats: true,
    enabled: ({ open }) => (open?.document.history.redo ?? null) !== null,
    run: redo,
  },
];

/** All commands, in the order of the F1 sheet. */
export const commands: readonly Command[] = [
  ...imageCommands,
  ...queryCommands,
  ...reviewCommands,
  ...drawCommands,
  ...writingCommands,
  ...pickingCommands,
  ...validateCommands,
  ...alignCommands,
  ...viewCommands,
  ...historyCommands,
  ...stageCommands,
];

const byId = new Map(commands.map((command) => [command.id, command]));

/** @throws Error for an id that is not in the table: a slip of the pen, not of a person. */
export function commandOf(id: string): Command {
  const command = byId.get(id);
  if (!command) throw new Error(`There is no command "${id}".`);
  return command;
}

function hasUnfinished({ open, drafts }: State): boolean {
  const imageId = open?.document.image.id;
  return [...drafts.values()].some((draft) => draft.imageId === imageId);
}
