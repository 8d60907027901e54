/** @file The commands that go from stage to stage. */
import { stageNames, stageTitles } from '../document/stages.ts';
import type { Command } from './command.ts';
import { goBack, setStage } from './stage.ts';

export const stageCommands: readonly Command[] = [
  ...stageNames.map(
    (stage, at): Command => ({
      id: `stage.${stage}`,
      title: `Stage: ${stageTitles[stage]}`,
      group: 'Application',
      keys: [`Shift+Digit${at + 1}`],
      scope: 'work',
      stages: 'every',
      enabled: ({ project }) => project.info !== null,
      run: (app) => setStage(app, stage),
    }),
  ),
  {
    id: 'stage.back',
    title: 'Back to the stage that led here',
    group: 'Application',
    keys: ['Backquote'],
    scope: 'work',
    enabled: ({ cameFrom }) => cameFrom !== null,
    run: goBack,
  },
];
