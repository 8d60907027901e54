/** @file Going from one stage of the project to another. What is stored is the same in all of them. */
import type { StageName } from '../document/stages.ts';
import type { App } from './app.ts';
import { openImage } from './navigate.ts';
import { selectQuery } from './select.ts';
import { focus } from './view.ts';

export function setStage(app: App, stage: StageName): void {
  const { project, stage: before } = app.store.getState();
  if (!project.info || stage === before) return;
  app.store.setState({ stage, cameFrom: null });
  if (stage === 'annotate') focus(app, 'canvas');
}

/** The masks of a query on the annotator's screen; `goBack` leads to the stage again. */
export async function openInAnnotate(app: App, imageId: number, queryId: number, from: StageName): Promise<void> {
  setStage(app, 'annotate');
  app.store.setState({ cameFrom: from });
  await openImage(app, imageId);
  await selectQuery(app, queryId);
}

export function goBack(app: App): void {
  const { cameFrom } = app.store.getState();
  if (cameFrom) setStage(app, cameFrom);
}
