/** @file project.import: annotations of other files into the open project, and word of it to all pages. */
import type { importMethods } from '../contract/methods-import.ts';
import { countImages } from '../store/images.ts';
import { actorOf } from './changed.ts';
import type { Handlers } from './dispatcher.ts';
import { historyOf } from './history.ts';
import { importInto } from './import-run.ts';
import { forSession } from './project-session.ts';
import { openSession, type Services, type Session } from './services.ts';

export function importHandlers(services: Services): Pick<Handlers, keyof typeof importMethods> {
  return {
    'project.import': forSession(services, async ({ from, format, dryRun }, { signal, progress }) => {
      const session = openSession(services);
      const path = services.folderOf(from);
      const actor = actorOf(services);
      const report = await importInto(session.project, path, { format, dryRun, actor, signal, onProgress: progress });
      const { instances, queries, categories } = report.kept;
      const changes = instances + queries + categories + report.answered + report.reviews;
      if (!dryRun && changes > 0) tellAll(services, session, `import.${report.format}`);
      return { report };
    }),
  };
}

/**
 * What came in may be as large as the file, so pages are not sent it. They hear a change whose number leaves one out,
 * which makes them read the image that is open again, and that the list is another.
 */
function tellAll(services: Services, session: Session, what: string): void {
  session.seq += 2;
  services.publish('project.changed', {
    session: session.id,
    seq: session.seq,
    what,
    diff: { put: [], remove: [], expect: [] },
    images: [],
    imageId: null,
    history: historyOf(session.histories, null),
  });
  services.publish('images.changed', { session: session.id, total: countImages(session.project.db) });
}
