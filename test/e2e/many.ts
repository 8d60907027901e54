/**
 * @file A project of very many photos, made through the store in seconds: the files are hard links of a few small
 * pictures, and the records say of them what reading the folder would have found.
 */
import { link, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { hashFile } from '../../src-main/engine/image/decode.ts';
import { putImages } from '../../src-main/store/images.ts';
import { createProject } from '../../src-main/store/project.ts';

const bundled = join(import.meta.dirname, '../../resources/sample/scene.jpg');
const size = { width: 640, height: 480 };
const pictures = 12;
/** Records in one change. */
const batch = 5000;

/** "photo 00042.jpg" for 42. */
export const manyName = (number: number): string => `photo ${String(number).padStart(5, '0')}.jpg`;

/** Makes the project `${folder}/project` of `count` photos in `${folder}/photos`, numbered from 1. Answers its folder. */
export async function makeMany(folder: string, count: number): Promise<string> {
  const [photos, sources] = [join(folder, 'photos'), join(folder, 'sources')];
  await mkdir(photos, { recursive: true });
  await mkdir(sources);
  const files = await Promise.all(
    Array.from({ length: pictures }, async (_, k) => {
      const file = join(sources, `${k}.jpg`);
      await sharp(bundled)
        .resize({ ...size, fit: 'cover' })
        .modulate({ hue: 30 * k })
        .jpeg()
        .toFile(file);
      const { size: bytes, mtimeMs: modifiedMs } = await stat(file);
      return { file, bytes, modifiedMs, contentHash: await hashFile(file) };
    }),
  );
  const project = await createProject(join(folder, 'project'), { images: [photos], backupEveryMs: 0 });
  try {
    for (let start = 1; start <= count; start += batch) {
      const numbers = Array.from({ length: Math.min(batch, count - start + 1) }, (_, k) => start + k);
      for (const number of numbers) await link(files[number % pictures]!.file, join(photos, manyName(number)));
      const records = numbers.map((number) => {
        const { file: _, ...content } = files[number % pictures]!;
        return {
          ...{ id: 0, rootId: 1, path: manyName(number), diskPath: null, format: 'jpeg', status: 'present' as const },
          ...size,
          ...content,
        };
      });
      putImages(project.db, records);
    }
  } finally {
    await project.close();
  }
  return project.folder;
}
