/** @file captions.load: what people have said about the photos, from a COCO captions file. */
import { AppError } from '../contract/errors.ts';
import type { Actor } from '../contract/records.ts';
import { readCaptions } from '../formats/coco/captions.ts';
import { putCaptions } from '../store/generation-templates.ts';
import type { Db } from '../store/statements.ts';
import { actorOf } from './changed.ts';
import type { Handlers } from './dispatcher.ts';
import { imagesByName } from './generate-names.ts';
import { forSession } from './project-session.ts';
import { openSession, type Services } from './services.ts';
import { requireTrust } from './trust.ts';

export function captionHandlers(services: Services): Pick<Handlers, 'captions.load'> {
  const load: Handlers['captions.load'] = async (input, context) => {
    if ('path' in input) requireTrust(context, input.path);
    const file = 'path' in input ? input.path : services.folderOf(input.file);
    return loadCaptions(openSession(services).project.db, file, actorOf(services), context.signal);
  };
  return { 'captions.load': forSession(services, load) };
}

/** @throws AppError not-found, bad-request for a file without captions; then nothing was changed. */
export async function loadCaptions(db: Db, file: string, actor: Actor, signal?: AbortSignal) {
  const captions = await readCaptions(file, signal).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw new AppError('not-found', `There is no file ${file}.`);
  });
  if (captions.size === 0) {
    throw new AppError('bad-request', 'The file has no captions.', {
      hint: 'COCO keeps captions apart from instances: choose a file such as captions_val2017.json.',
    });
  }
  const imageOf = imagesByName(db);
  const known = new Map<number, string[]>();
  let unknown = 0;
  for (const [name, texts] of captions) {
    const id = imageOf(name);
    if (id === null) unknown += 1;
    else known.set(id, texts);
  }
  return { images: known.size, captions: putCaptions(db, known, actor), unknown };
}
