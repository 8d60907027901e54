/** @file The commands that change what is seen, not what is stored. */
import { selectedRecord } from '../document/selectors.ts';
import type { State } from '../document/state.ts';
import type { App } from './app.ts';
import type { Command } from './command.ts';
import { setHidden, toggleSheet } from './view.ts';

const hasImage = ({ open, stage }: State) => stage !== 'annotate' || open !== null;
const always = () => true;
/** Where a photo is shown. */
const photoStages = ['annotate', 'review', 'align'] as const;

/** A key that is held longer than this hides only while it is held. */
const holdMs = 300;

export const viewCommands: readonly Command[] = [
  {
    id: 'view.hide',
    title: 'Hide the masks (hold: only while held)',
    group: 'View',
    keys: ['KeyV'],
    scope: 'work',
    stages: photoStages,
    enabled: hasImage,
    run: (app) => setHidden(app, !app.store.getState().view.hidden),
    release: (app, heldMs) => {
      if (heldMs > holdMs) setHidden(app, !app.store.getState().view.hidden);
    },
  },
  {
    id: 'view.fit',
    title: 'Fit the photo',
    group: 'View',
    keys: ['KeyF'],
    scope: 'work',
    stages: photoStages,
    enabled: hasImage,
    run: ({ canvas }) => canvas.view?.fit(),
  },
  {
    id: 'view.zoom-mask',
    title: 'Zoom to the mask',
    group: 'View',
    keys: ['KeyZ'],
    scope: 'work',
    enabled: (state) => selectedRecord(state) !== null,
    run: zoomToMask,
  },
  {
    id: 'view.zoom-in',
    title: 'Zoom in (or the wheel)',
    group: 'View',
    keys: ['PageUp'],
    scope: 'canvas',
    repeats: true,
    stages: photoStages,
    enabled: hasImage,
    run: ({ canvas }) => canvas.view?.zoomBy(1.25),
  },
  {
    id: 'view.zoom-out',
    title: 'Zoom out (or the wheel)',
    group: 'View',
    keys: ['PageDown'],
    scope: 'canvas',
    repeats: true,
    stages: photoStages,
    enabled: hasImage,
    run: ({ canvas }) => canvas.view?.zoomBy(0.8),
  },
  {
    id: 'view.pan',
    title: 'Hold and drag to move the photo (or the middle button)',
    group: 'View',
    keys: ['Space'],
    scope: 'canvas',
    gesture: true,
    stages: photoStages,
    enabled: hasImage,
    run: () => undefined,
  },
  {
    id: 'app.keys',
    title: 'Keys',
    group: 'Application',
    keys: ['F1'],
    scope: 'always',
    stages: 'every',
    enabled: always,
    run: (app) => toggleSheet(app, 'keys'),
  },
  {
    id: 'app.settings',
    title: 'Settings',
    group: 'Application',
    keys: ['Ctrl+Comma'],
    scope: 'always',
    stages: 'every',
    enabled: always,
    run: (app) => toggleSheet(app, 'settings'),
  },
  {
    id: 'app.models',
    title: 'Models',
    group: 'Application',
    keys: [],
    scope: 'always',
    stages: 'every',
    enabled: always,
    run: (app) => toggleSheet(app, 'models'),
  },
  {
    id: 'app.export',
    title: 'Export',
    group: 'Application',
    keys: ['Ctrl+KeyE'],
    scope: 'always',
    stages: 'every',
    enabled: ({ project }) => project.info !== null,
    run: (app) => toggleSheet(app, 'export'),
  },
];

function zoomToMask({ store, canvas }: App): void {
  const record = selectedRecord(store.getState());
  if (!record) return;
  const [x, y, width, height] = record.bbox;
  canvas.view?.zoomTo([x, y, x + width, y + height]);
}
