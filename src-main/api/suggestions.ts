/**
 * @file Queries that are suggested for the images of a project: `suggestions.json` in its folder, as the sample has one.
 * It is no part of the annotations: it is read, never written, and a project without it has none.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../contract/errors.ts';
import type { Suggestions } from '../contract/methods-project.ts';
import { relativePathSchema } from '../contract/records.ts';
import type { Project } from '../store/project.ts';
import { select } from '../store/records.ts';

export const suggestionsFile = 'suggestions.json';

/** One a picture; `file` is its path in its folder of photos. */
export const scenesSchema = z.array(
  z.object({
    file: relativePathSchema,
    title: z.string().max(200),
    credit: z.string().max(1000),
    suggestions: z.array(z.string().trim().min(1).max(10_000)).max(20),
  }),
);

/** In the order of the file; pictures that the project does not have are left out. @throws AppError bad-project, io. */
export async function readSuggestions({ folder, db }: Project): Promise<Suggestions[]> {
  const scenes = await readScenes(join(folder, suggestionsFile));
  return (scenes ?? []).flatMap(({ file: path, credit, suggestions }) =>
    select(db, 'image', 'path = ?', path).map(({ id }) => ({ imageId: id, credit, texts: suggestions })),
  );
}

/** The pictures of such a file; null where there is none. @throws AppError bad-project, io. */
export async function readScenes(file: string): Promise<z.infer<typeof scenesSchema> | null> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return null;
    throw new AppError('io', `${file} cannot be read: ${cause.message}`, { cause });
  });
  return text === null ? null : parse(text, file);
}

function parse(text: string, file: string): z.infer<typeof scenesSchema> {
  try {
    return scenesSchema.parse(JSON.parse(text));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? cause.issues[0]!.message : (cause as Error).message;
    throw new AppError('bad-project', `The suggested queries of the project cannot be used: ${why}`, {
      hint: `Mend ${file} or remove it: nothing else needs it.`,
      cause,
    });
  }
}
