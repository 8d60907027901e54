/** @file Handlers of choosing images of a COCO file. */

import { AppError } from '../contract/errors.ts';
import type { selectMethods } from '../contract/methods-select.ts';
import { findImages, fitting, sortFound, supplyOf } from '../dataset/select-filter.ts';
import { criteria, fillSelection, takenPicks } from '../dataset/select-quota.ts';
import { countImages } from '../store/images.ts';
import { keepSettings, openSource, putChoices } from '../store/selection.ts';
import { actorOf } from './changed.ts';
import type { Handlers } from './dispatcher.ts';
import { fileOfHandle } from './folders.ts';
import { createEmptyInPlace } from './project-open.ts';
import { forSession } from './project-session.ts';
import { isFolder, projectState } from './project-state.ts';
import { startScan } from './scan.ts';
import { applySelection } from './select-apply.ts';
import {
  choicesOf,
  forgetSelection,
  idOf,
  imagesInProject,
  type Selection,
  selectionOf,
  selectionState,
  stateFunction,
  toStored,
} from './select-session.ts';
import { openSession, type Services, type Session } from './services.ts';

export type SelectHandlers = Pick<Handlers, keyof typeof selectMethods>;

export function selectHandlers(services: Services): SelectHandlers {
  const { folders } = services;
  const opened = async (): Promise<{ session: Session; selection: Selection }> => {
    const session = openSession(services);
    const selection = await selectionOf(session);
    if (selection) return { session, selection };
    throw new AppError('not-found', 'No COCO file is chosen.', { hint: 'Choose the file and its folder of photos.' });
  };
  /** Paths of a file and a folder that a page means. */
  const placesOf = async ({ coco, photos }: { coco: string; photos: string }) => {
    const paths = { coco: await fileOfHandle(folders, coco), photos: folders.folderOf(photos) };
    if (await isFolder(paths.photos)) return paths;
    throw new AppError('not-found', `There is no folder ${paths.photos}.`, { hint: 'Choose the folder again.' });
  };

  return {
    'select.create': async ({ coco, photos, name, into }) => {
      const paths = await placesOf({ coco, photos });
      const prepare = (project: Session['project']) => void openSource(project, paths.coco, paths.photos);
      await createEmptyInPlace(services, { name, into: into && folders.folderOf(into) }, prepare);
      return { project: await projectState(services) };
    },
    'select.open': forSession(services, async (input, { signal, progress }) => {
      const session = openSession(services);
      const paths = await placesOf(input);
      openSource(session.project, paths.coco, paths.photos);
      forgetSelection(session);
      return selectionState(session, { signal, onProgress: progress });
    }),
    'select.state': forSession(services, (_, { signal, progress }) =>
      selectionState(openSession(services), { signal, onProgress: progress }),
    ),
    'select.find': async ({ settings }) => {
      const { session, selection } = await opened();
      const { project } = session;
      const { index, source } = selection;
      keepSettings(project.db, source.id, settings);
      const inProject = await imagesInProject(project, selection);
      const stateOf = stateFunction(selection, choicesOf(project, selection), inProject);
      const found = sortFound(index, findImages(index, settings.filter, stateOf), settings);
      const supply = supplyOf(index, findImages(index, criteria(settings.filter), stateOf));
      return { images: found.map(({ image }) => image), supply };
    },
    'select.images': async ({ images, filter }) => {
      const { selection } = await opened();
      return { images: images.flatMap((image) => candidate(selection, image, filter)) };
    },
    'select.choose': async ({ choices, undecided, cost }) => {
      const { session, selection } = await opened();
      const stored = {
        choices: choices.map((choice) => toStored(selection, choice)),
        undecided: undecided.filter((image) => selection.index.images[image]).map((image) => idOf(selection, image)),
      };
      putChoices(session.project.db, selection.source.id, stored, 'selection.choose', actorOf(services, cost));
      return {};
    },
    'select.fill': async ({ settings }) => {
      const { session, selection } = await opened();
      const { project } = session;
      const { index, source } = selection;
      keepSettings(project.db, source.id, settings);
      const inProject = await imagesInProject(project, selection);
      const before = choicesOf(project, selection);
      const undone = before.filter(({ image, by }) => by === 'fill' && !inProject.has(image));
      const kept = before.filter((choice) => !undone.includes(choice));
      const stateOf = stateFunction(selection, kept, inProject);
      const { picks, classes } = fillSelection(index, settings, takenPicks(index, kept, inProject), stateOf);
      const filled = picks.map((pick) => ({ ...pick, verdict: 'keep' as const, by: 'fill' as const }));
      const stored = {
        choices: filled.map((choice) => toStored(selection, choice)),
        undecided: undone.map(({ image }) => idOf(selection, image)),
      };
      putChoices(project.db, source.id, stored, 'selection.fill', actorOf(services));
      const short = classes.flatMap(({ category, wanted, got }) =>
        wanted !== null && got < wanted ? [{ category, wanted, got }] : [],
      );
      return { choices: choicesOf(project, selection), short };
    },
    'select.apply': forSession(services, async (_, { signal, progress }) => {
      const { session, selection } = await opened();
      const { project } = session;
      // A reading that began before would take the new images for missing.
      await session.scan.running?.catch(() => undefined);
      const choices = choicesOf(project, selection);
      const kept = choices.filter(({ verdict }) => verdict === 'keep').map(({ image }) => image);
      try {
        return await applySelection(project, selection, kept, {
          actor: actorOf(services),
          signal,
          onProgress: progress,
        });
      } finally {
        services.publish('images.changed', { session: session.id, total: countImages(project.db) });
        if (!session.closing.signal.aborted) startScan(services, session, true).catch(() => undefined);
      }
    }),
  };
}

function candidate({ index, source }: Selection, image: number, filter: Parameters<typeof fitting>[2]) {
  const indexed = index.images[image];
  if (!indexed) return [];
  const { fileName, width, height, first, last } = indexed;
  const instances = Array.from({ length: last - first }, (_, k) => {
    const [x, y, w, h] = index.boxes.subarray(4 * (first + k), 4 * (first + k) + 4);
    const box: [number, number, number, number] = [x!, y!, w!, h!];
    return { category: index.category[first + k]!, box, crowd: index.crowd[first + k] === 1 };
  });
  const fits = fitting(index, indexed, filter).map(({ category, count }) => ({ category, count }));
  const name = fileName.split(/[\\/]/).at(-1) ?? fileName;
  return [{ image, name, width, height, media: `pick-${source.id}-${image}`, fits, instances }];
}
