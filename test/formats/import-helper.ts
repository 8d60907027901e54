/** @file Projects with photos of given sizes, and files to import into them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ImportOptions, importInto } from '../../src-main/api/import-run.ts';
import type { ImportReport } from '../../src-main/contract/import.ts';
import { decodeRle } from '../../src-main/contract/rle.ts';
import { addImages } from '../../src-main/store/add-images.ts';
import { listCategories } from '../../src-main/store/categories.ts';
import type { Project } from '../../src-main/store/project.ts';
import { select } from '../../src-main/store/records.ts';
import { newProject, photo, readers, tempFolder } from '../store/helper.ts';

export { dump, tempFolder } from '../store/helper.ts';

/** A project of photos with these paths and sizes (`100x80`), in a folder of its own. */
export async function projectOf(photos: Readonly<Record<string, string>>, folder = tempFolder()): Promise<Project> {
  const images = join(folder, 'photos');
  mkdirSync(images, { recursive: true });
  for (const [path, size] of Object.entries(photos)) photo(images, path, path, size);
  const project = await newProject(folder, [images]);
  await addImages(project, readers());
  return project;
}

export function put(path: string, content: unknown): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content));
  return path;
}

/** Imports `content` as a file of its own. */
export const importJson = (project: Project, content: unknown, options: ImportOptions = {}): Promise<ImportReport> =>
  importInto(project, put(join(tempFolder(), 'in.json'), content), { format: 'coco', ...options });

/** What the project has, as people would compare it. */
export function stored({ db }: Project) {
  const names = new Map(listCategories(db).map(({ id, name }) => [id, name]));
  const paths = new Map(select(db, 'image', 'TRUE').map(({ id, path }) => [id, path]));
  return {
    instances: select(db, 'instance', 'TRUE ORDER BY id').map(({ imageId, categoryId, ...rest }) => ({
      ...rest,
      path: paths.get(imageId)!,
      category: categoryId === null ? null : names.get(categoryId)!,
    })),
    queries: select(db, 'query', 'TRUE ORDER BY id'),
    links: select(db, 'queryInstance', 'TRUE ORDER BY query_id, rank, instance_id'),
  };
}

/** Pixels of the n-th instance, and how many there are. */
export function pixelsOf(project: Project, n = 0) {
  const { data, width } = decodeRle(stored(project).instances[n]!.rle);
  return { at: (x: number, y: number) => data[y * width + x] === 1, area: data.reduce((sum, value) => sum + value, 0) };
}

export const reasons = (list: ImportReport['skipped'] | ImportReport['mended']) =>
  Object.fromEntries(list.map(({ reason, count }) => [reason, count]));
