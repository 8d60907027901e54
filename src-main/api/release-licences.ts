/** @file Licences of photos, from the COCO files that they were chosen from or that are named. */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { jsonElements } from '../formats/json-elements.ts';
import type { Project } from '../store/project.ts';
import { currentSource, placesOf } from '../store/selection.ts';

const key = z.union([z.int(), z.string()]).transform(String);
const licenceSchema = z.object({ id: key, name: z.string(), url: z.string().default('') });
const imageSchema = z.object({ file_name: z.string().min(1), license: key });

export type Licence = { readonly name: string; readonly url: string };

/** The licence of a photo by its path in the dataset; null where no file says one. */
export type LicenceOf = (fileName: string) => Licence | null;

/** The COCO file that the project's images were chosen from, where it is there. */
export async function chosenFrom(project: Project): Promise<string[]> {
  const source = currentSource(project.db);
  for (const file of source ? placesOf(project, source.coco) : []) {
    if ((await stat(file).catch(() => null))?.isFile()) return [file];
  }
  return [];
}

/**
 * @param files COCO files with `licenses` and `images`. A photo is found by its path, or by its name where only one image of
 * the files has it. @throws AppError bad-request for what is no JSON.
 */
export async function readLicences(files: readonly string[], signal: AbortSignal): Promise<LicenceOf> {
  const byPath = new Map<string, Licence>();
  const byName = new Map<string, Licence | null>();
  for (const file of files) {
    const licences = new Map<string, Licence>();
    const images: z.output<typeof imageSchema>[] = [];
    const skip = (name: string) => name !== 'licenses' && name !== 'images';
    for await (const { kind, key: list, value } of elements(file, signal, skip)) {
      if (kind !== 'element') continue;
      const licence = list === 'licenses' ? licenceSchema.safeParse(value) : null;
      if (licence?.success) licences.set(licence.data.id, { name: licence.data.name, url: licence.data.url });
      const image = list === 'images' ? imageSchema.safeParse(value) : null;
      if (image?.success) images.push(image.data);
    }
    for (const { file_name, license } of images) {
      const found = licences.get(license);
      if (!found) continue;
      const path = file_name.normalize('NFC').replaceAll('\\', '/');
      byPath.set(path, found);
      byName.set(basename(path), byName.has(basename(path)) ? null : found);
    }
  }
  return (fileName) => byPath.get(fileName) ?? byName.get(basename(fileName)) ?? null;
}

async function* elements(file: string, signal: AbortSignal, skip: (name: string) => boolean) {
  for await (const event of jsonElements(file, signal, { lenient: true, skip })) {
    yield { kind: event.kind, key: event.key, value: event.kind === 'element' ? event.value : null };
  }
}
