/** @file Going from one stage of the project to another. What is stored is the same in all of them. */
import type { StageName } from '../document/stages.ts';
import type { App } from './app.ts';
import { focus } from './view.ts';

export function setStage(app: App, stage: StageName): void {
  const { project, stage: before } = app.store.getState();
  if (!project.info || stage === before) return;
  app.store.setState({ stage });
  if (stage === 'annotate') focus(app, 'canvas');
}
