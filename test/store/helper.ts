/**
 * @file Real projects in temporary folders, with small files for photos: `WIDTHxHEIGHT` and any text.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import { encodeRle } from '../../src-main/contract/rle.ts';
import type { ImageReaders } from '../../src-main/store/add-images.ts';
import { putImages } from '../../src-main/store/images.ts';
import { createProject, type Project } from '../../src-main/store/project.ts';
import type { Db } from '../../src-main/store/statements.ts';

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'novo-store-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Closes the project at the end of the test. */
export function kept(project: Project): Project {
  cleanups.push(() => project.close());
  return project;
}

export const newProject = async (folder = tempFolder(), images: string[] = []): Promise<Project> =>
  kept(await createProject(join(folder, 'project'), { images, backupEveryMs: 0 }));

export function photo(folder: string, path: string, text = path, size = '8x6'): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${size} ${text}`);
  return file;
}

/** Readers that count what they read. */
export function readers(): ImageReaders & { hashed: string[] } {
  const hashed: string[] = [];
  return {
    hashed,
    async head(file) {
      const found = /^(\d+)x(\d+) /.exec(await readFile(file, 'latin1'));
      if (!found) throw new Error('It is not a photo.');
      return { width: Number(found[1]), height: Number(found[2]), format: 'text' };
    },
    async hash(file) {
      hashed.push(file);
      return createHash('sha256').update(readFileSync(file)).digest('hex');
    },
  };
}

/** Adds images without files. Returns their ids. */
export function addRecords(db: Db, paths: readonly string[], width = 8, height = 6): number[] {
  if (!db.prepare('SELECT 1 FROM image_root').get()) db.exec("INSERT INTO image_root (absolute) VALUES ('/nowhere')");
  const images = paths.map((path) => ({
    ...{ id: 0, rootId: 1, path, diskPath: null, contentHash: path, width, height },
    ...{ format: 'text', bytes: 1, modifiedMs: 1, status: 'present' as const },
  }));
  return putImages(db, images).map(({ id }) => id);
}

/** A mask of an 8 x 6 image with the pixels x0..x1-1 of the top row. */
export function row(x0: number, x1: number, width = 8, height = 6) {
  const data = new Uint8Array(width * height);
  data.fill(1, x0, x1);
  return encodeRle({ width, height, data });
}

export const someRun = {
  pack: 'pack',
  reasoner: null,
  prompts: { points: [[1, 2, 1]] },
  answer: 'There.',
  timing: null,
};

/** All records as text, without events and counters, which only grow. */
export function dump(db: Db): string {
  const names = ['image', 'category', 'query', 'instance', 'query_instance', 'run', 'proposal'];
  return names.map((name) => `${name}\n${db.prepare(`SELECT * FROM ${name} ORDER BY 1, 2`).all().map((r) => JSON.stringify(r)).join('\n')}`).join('\n'); // biome-ignore format: one line
}
