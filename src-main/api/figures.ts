/** @file project.figures: statistics over one snapshot of the project, read page by page beside other work. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Figures } from '../contract/figures.ts';
import type { figuresMethods } from '../contract/methods-figures.ts';
import type { QueryStatus } from '../contract/records.ts';
import { createStatistics } from '../dataset/statistics.ts';
import { workFigures } from '../dataset/statistics-work.ts';
import { listCategories } from '../store/categories.ts';
import { maskCosts } from '../store/counts.ts';
import { openProject } from '../store/project.ts';
import type { Db } from '../store/statements.ts';
import { imageFacts, modelFacts, personFacts } from '../store/statistics.ts';
import type { Handlers } from './dispatcher.ts';
import { forSession } from './project-session.ts';
import { openSession, type Services } from './services.ts';

export function figuresHandlers(services: Services): Pick<Handlers, keyof typeof figuresMethods> {
  return {
    'project.figures': forSession(services, async ({ statuses }, { signal }) => {
      const project = await openProject(openSession(services).project.folder, { readonly: true });
      try {
        return await readFigures(project.db, statuses, signal);
      } finally {
        await project.close();
      }
    }),
  };
}

/**
 * @param db a connection of its own: while the figures are counted it shows one moment. @throws the signal's reason.
 */
export async function readFigures(db: Db, statuses: readonly QueryStatus[], signal?: AbortSignal): Promise<Figures> {
  db.exec('BEGIN');
  try {
    const statistics = createStatistics(listCategories(db), statuses);
    for (const page of imageFacts(db)) {
      for (const image of page) statistics.add(image);
      await turn();
      signal?.throwIfAborted();
    }
    return { content: statistics.finish(), work: workFigures(maskCosts(db), modelFacts(db), personFacts(db)) };
  } finally {
    db.exec('ROLLBACK');
  }
}
