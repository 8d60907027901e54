/** @file The commands that go from stage to stage. */
import { stageNames, stageTitles } from '../document/stages.ts';
import type { Command } from './command.ts';
import { setStage } from './stage.ts';

export const stageCommands: readonly Command[] = stageNames.map((stage, at) => ({
  id: `stage.${stage}`,
  title: `Stage: ${stageTitles[stage]}`,
  group: 'Application',
  keys: [`Shift+Digit${at + 1}`],
  scope: 'work',
  stages: 'every',
  enabled: ({ project }) => project.info !== null,
  run: (app) => setStage(app, stage),
}));
