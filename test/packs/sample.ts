/** @file Small packs for tests: a folder with a manifest and files of a few bytes. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';

export const sha256 = (content: Uint8Array | string) => createHash('sha256').update(content).digest('hex');

/** A fresh folder, removed after the test. */
export async function temporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'novo-packs-'));
  made.push(folder);
  return folder;
}
const made: string[] = [];
afterEach(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true, force: true });
});

export type Contents = Readonly<Record<string, Uint8Array | string>>;

/** A valid manifest that declares `contents`. */
export function manifest(id: string, contents: Contents, title = 'Sample') {
  return {
    schema: 1,
    id,
    title,
    licence: 'CC0-1.0',
    source: 'made in a test',
    files: Object.entries(contents).map(([path, content]) => ({
      path,
      sha256: sha256(content),
      size: Buffer.byteLength(content),
    })),
    kind: 'endpoint',
    endpoint: {
      baseUrl: 'http://localhost:1234/v1',
      model: 'm',
      coordinates: { space: 'pixels', scale: 1, order: 'xy', boxForm: 'xyxy' },
      imageRule: { multipleOf: 28, minPixels: 3136, maxPixels: 1_000_000 },
      budget: { maxTokens: 1000, maxRounds: 2, maxSeconds: 60 },
    },
  };
}

/** Writes a pack to `folder`. */
export async function writePack(folder: string, id: string, contents: Contents, title?: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const [path, content] of Object.entries(contents)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  await writeFile(join(folder, 'pack.json'), JSON.stringify(manifest(id, contents, title)));
  return folder;
}
