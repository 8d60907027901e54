/** @file Which file an image of the open project is: the only way from an id of a page to a path. */
import { stat } from 'node:fs/promises';
import type { ImageRef } from '../contract/api.ts';
import { AppError } from '../contract/errors.ts';
import { find, need } from '../store/records.ts';
import { imageFile } from '../store/roots.ts';
import type { ImageResolver } from './media.ts';
import { photoOfSelection } from './select-session.ts';
import { openSession, type Services } from './services.ts';
import { requireTrust } from './trust.ts';

/**
 * The file that `image` means, which is there. @throws AppError forbidden for a path from a page; not-found where there
 * is no project or no such image; io where the image's file is gone.
 */
export async function fileOfImage(
  services: Services,
  image: ImageRef,
  context: { readonly trusted: boolean },
): Promise<string> {
  if ('path' in image) {
    requireTrust(context, image.path);
    return image.path;
  }
  const { project } = openSession(services);
  const record = need(project.db, 'image', image.id);
  const file = await imageFile(project, record);
  if (await stat(file).catch(() => null)) return file;
  throw new AppError('io', `The photo ${record.path} is not there any more: ${file}`, {
    hint: 'Put the file back, or read the folders again: one that was moved is found by its content. Its annotations are kept.',
  });
}

/** For `serveMedia`: images of whatever project is open, and photos that could be chosen for it (api/select.ts). */
export function imageResolver(services: Services): ImageResolver {
  return (id) => {
    const { session } = services.open;
    if (session && id.startsWith('pick-')) return photoOfSelection(session, id);
    if (!session || !/^[1-9]\d{0,14}$/.test(id)) return null;
    const record = find(session.project.db, 'image', Number(id));
    return record ? imageFile(session.project, record) : null;
  };
}
