/** @file Photos to work on: real ones where there are any, else the bundled picture in several sizes. */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

const data = process.env['NOVO_DATA'] ?? join(import.meta.dirname, '../../../shared/data');
const real = join(data, 'coco-dev', 'images');
const bundled = join(import.meta.dirname, '../../resources/sample/scene.jpg');

export const hasRealPhotos = existsSync(real);

/** Puts `count` photos into `folder`, which is made. Their names are in natural order; one is not ASCII. */
export async function putPhotos(folder: string, count: number): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const sources = hasRealPhotos ? (await readdir(real)).filter((name) => name.endsWith('.jpg')).sort() : [];
  const names: string[] = [];
  for (let i = 0; i < count; i++) {
    const name = i === 2 ? '사진 3 #100% "ok".jpg' : `photo ${i + 1}.jpg`;
    const source = sources[i * 7];
    if (source) await copyFile(join(real, source), join(folder, name));
    else
      await sharp(bundled)
        .resize({ width: 900 - 40 * i })
        .toFile(join(folder, name));
    names.push(name);
  }
  return names;
}
