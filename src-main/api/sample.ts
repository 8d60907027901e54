/**
 * @file The sample project: made from the bundled pictures at its first opening, so that the main job can be tried at
 * once and offline. The masks of its first queries were made before (resources/sample/make-project.ts), and others are
 * suggested. What a person does to it is kept.
 */
import { copyFile, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../contract/errors.ts';
import { rleSchema } from '../contract/mask.ts';
import { queryForms, reasoningTypes } from '../contract/records.ts';
import { hashFile, readImageInfo } from '../engine/image/decode.ts';
import { findUpwards } from '../engine/packs/folders.ts';
import { addImages } from '../store/add-images.ts';
import { listImages } from '../store/images.ts';
import { createProject, openProject, type Project, type ProjectOptions } from '../store/project.ts';
import { acceptAll, propose } from '../store/proposals.ts';
import { addQuery, setNoTarget } from '../store/queries.ts';
import { listRoots, moveRoot } from '../store/roots.ts';
import { isProject } from './folders.ts';
import { suggestionsFile } from './suggestions.ts';

/** resources/sample/project.json: pictures, and the queries on them with what the segmenter made of them. */
const sampleSchema = z.object({
  pack: z.string(),
  pictures: z.array(
    z.object({
      file: z.string().regex(/^[\w-]+\.jpg$/),
      queries: z.array(
        z.object({
          text: z.string(),
          form: z.enum(queryForms),
          reasoningType: z.enum(reasoningTypes),
          /** What was decided already, one of each: nothing, all accepted, nothing matches. */
          decided: z.enum(['open', 'accepted', 'none']),
          /** What answered it, and its words; null where the answer was not a language model's. */
          reasoner: z.string().nullable(),
          answer: z.string().nullable(),
          masks: z.array(z.object({ rle: rleSchema, score: z.number() })),
        }),
      ),
    }),
  ),
});
type Sample = z.infer<typeof sampleSchema>;

const maker = { who: 'Novo Annotate' };

/** Opens the sample project in `folder`, and makes it there where there is none. @throws AppError io. */
export async function openSample(folder: string, options: ProjectOptions): Promise<Project> {
  if (!(await isProject(folder))) await makeSample(folder);
  const project = await openProject(folder, options);
  for (const root of listRoots(project.db)) {
    if (root.relative === 'photos') await moveRoot(project, root.id, join(folder, 'photos'));
  }
  return project;
}

/** Made beside its place and put there when it is whole: a half-made sample would stay half for ever. */
async function makeSample(folder: string): Promise<void> {
  const source = findUpwards(join('resources', 'sample', 'project.json'));
  if (!source) throw new AppError('not-found', 'The sample is not part of this installation.');
  const sample = sampleSchema.parse(JSON.parse(await readFile(source, 'utf8')));
  const part = `${folder}.part`;
  const photos = join(part, 'photos');
  try {
    await rm(part, { recursive: true, force: true });
    await mkdir(photos, { recursive: true });
    for (const { file } of sample.pictures) await copyFile(join(dirname(source), file), join(photos, file));
    await copyFile(join(dirname(source), 'scenes.json'), join(part, suggestionsFile));
    const project = await createProject(part, { images: [photos], backupEveryMs: 0 });
    try {
      await addImages(project, { head: readImageInfo, hash: hashFile });
      fill(project, sample);
    } finally {
      await project.close();
    }
    await rename(part, folder);
  } catch (error) {
    await rm(part, { recursive: true, force: true }).catch(() => undefined);
    throw error instanceof AppError ? error : cannotMake(folder, error);
  }
}

function cannotMake(folder: string, cause: unknown): AppError {
  return new AppError('io', `The sample cannot be made in ${folder}: ${(cause as Error).message}`, {
    hint: 'Check that you may write there and that no other folder of this name is in the way, or begin with photos of yours.',
    cause,
  });
}

function fill({ db }: Project, { pack, pictures }: Sample): void {
  const images = new Map(listImages(db).map(({ id, path }) => [path, id]));
  for (const { file, queries } of pictures) {
    for (const { decided, masks, reasoner, answer, ...query } of queries) {
      const added = addQuery(db, { ...query, imageId: images.get(file)!, source: 'import' }, maker);
      const { id } = added.result;
      if (decided === 'none') {
        setNoTarget(db, id, true, maker);
        continue;
      }
      const run = { pack, reasoner, prompts: {}, answer, timing: null };
      propose(db, id, { run, proposals: masks }, maker);
      if (decided === 'accepted') acceptAll(db, id, {}, maker);
    }
  }
}
