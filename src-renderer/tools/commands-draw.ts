/** @file The commands that make and change masks. */
import { activeDraft, shownMask } from '../document/selectors.ts';
import type { State, ToolName } from '../document/state.ts';
import type { Command } from './command.ts';
import { editMask, type MaskOperation } from './mask-edit.ts';
import { cycleCandidates } from './prompt.ts';
import { setTool, stepBrush } from './view.ts';

const hasImage = ({ open }: State) => open !== null;
const hasMask = (state: State) => shownMask(state) !== null;

const tool = (name: ToolName, title: string, keys: readonly string[]): Command => ({
  id: `tool.${name}`,
  title,
  group: 'Draw',
  keys,
  scope: 'work',
  enabled: hasImage,
  run: (app) => setTool(app, name),
});

const operation = (name: MaskOperation, title: string, keys: readonly string[], repeats = false): Command => ({
  id: `mask.${name}`,
  title,
  group: 'Draw',
  keys,
  scope: 'work',
  repeats,
  enabled: hasMask,
  run: (app) => editMask(app, name),
});

export const drawCommands: readonly Command[] = [
  tool('point', 'Click on the object (right: off it)', ['KeyP']),
  tool('box', 'Draw a box around the object', ['KeyR']),
  tool('brush', 'Brush', ['KeyB']),
  tool('eraser', 'Eraser', ['KeyE']),
  tool('pan', 'Move the photo, pick masks', ['KeyH']),
  {
    id: 'brush.smaller',
    title: 'Smaller brush',
    group: 'Draw',
    keys: ['BracketLeft'],
    scope: 'work',
    repeats: true,
    enabled: hasImage,
    run: (app) => stepBrush(app, -1),
  },
  {
    id: 'brush.larger',
    title: 'Larger brush',
    group: 'Draw',
    keys: ['BracketRight'],
    scope: 'work',
    repeats: true,
    enabled: hasImage,
    run: (app) => stepBrush(app, 1),
  },
  {
    id: 'mask.candidates',
    title: 'Part, whole: the next mask the clicks may mean',
    group: 'Draw',
    keys: ['KeyC'],
    scope: 'work',
    enabled: (state) => activeDraft(state) !== null,
    run: cycleCandidates,
  },
  operation('grow', 'Grow the mask by a pixel', ['Equal', 'Shift+Equal', 'NumpadAdd'], true),
  operation('shrink', 'Shrink the mask by a pixel', ['Minus', 'NumpadSubtract'], true),
  operation('fill-holes', 'Fill small holes', ['KeyL']),
  operation('drop-specks', 'Drop specks', ['KeyX']),
  operation('keep-largest', 'Keep the largest part', ['Shift+KeyX']),
];
