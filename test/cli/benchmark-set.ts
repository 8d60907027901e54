/** @file A small evaluation folder of our own drawings: discs on a plain ground, maps of where they are, true masks. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { encodeRle, rleArea } from '../../src-main/contract/rle.ts';
import { jsonLines } from './command.ts';

const [width, height, grid, cell] = [192, 128, 12, 16]; // the map covers 192 x 192, the picture padded to a square

type Disc = { x: number; y: number; r: number; colour: string };
const pictures: Disc[][] = [
  [
    { x: 50, y: 60, r: 30, colour: '#c33' },
    { x: 140, y: 70, r: 34, colour: '#c33' },
  ],
  [{ x: 96, y: 64, r: 44, colour: '#28c' }],
  [
    { x: 44, y: 44, r: 28, colour: '#2a5' },
    { x: 148, y: 84, r: 30, colour: '#2a5' },
  ],
  [{ x: 120, y: 60, r: 40, colour: '#b4b' }],
];

const inside = ({ x, y, r }: Disc, px: number, py: number) => (px - x) ** 2 + (py - y) ** 2 <= r * r;

function maskOf(disc: Disc) {
  const data = Uint8Array.from({ length: width * height }, (_, i) =>
    inside(disc, (i % width) + 0.5, Math.floor(i / width) + 0.5) ? 1 : 0,
  );
  return encodeRle({ width, height, data });
}

const draw = (discs: readonly Disc[]) => `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
<rect width="100%" height="100%" fill="#eee9df"/>
${discs.map(({ x, y, r, colour }) => `<circle cx="${x}" cy="${y}" r="${r}" fill="${colour}"/>`).join('')}</svg>`;

/** Cosines of a grid: 0.7 on the discs, -0.3 off them, moved a little so that no two cells are equal. */
const mapOf = (discs: readonly Disc[]) =>
  Array.from({ length: grid * grid }, (_, k) => {
    const [px, py] = [((k % grid) + 0.5) * cell, (Math.floor(k / grid) + 0.5) * cell];
    return (discs.some((disc) => inside(disc, px, py)) ? 0.7 : -0.3) + ((k * 37) % 101) / 2000;
  });

export type EvaluationFolder = { readonly folder: string; readonly requests: string; readonly gt: string };

/** photos/1.png to 4.png, instances.json with a query each, and requests.jsonl with the maps. */
export async function evaluationFolder(into: string, name = 'discs'): Promise<EvaluationFolder> {
  const folder = join(into, name);
  await mkdir(join(folder, 'photos'), { recursive: true });
  const annotations: object[] = [];
  const images: object[] = [];
  const queries: object[] = [];
  const requests: object[] = [];
  for (const [k, discs] of pictures.entries()) {
    const image = { id: k + 1, file_name: `photos/${k + 1}.png`, width, height };
    await sharp(Buffer.from(draw(discs)))
      .png()
      .toFile(join(folder, image.file_name));
    const ids = discs.map((disc) => {
      const segmentation = maskOf(disc);
      const id = annotations.length + 1;
      annotations.push({ id, image_id: k + 1, category_id: 1, iscrowd: 0, area: rleArea(segmentation), segmentation });
      return id;
    });
    images.push(image);
    const text = 'What is round here?';
    queries.push({ id: `q${k + 1}`, image_id: k + 1, text, annotation_ids: ids, no_target: false });
    const map = { grid: [grid, grid], activation: mapOf(discs) };
    requests.push({ id: `q${k + 1}`, image: image.file_name, width, height, query: text, ...map });
  }
  const [file, gt] = [join(folder, 'requests.jsonl'), join(folder, 'instances.json')];
  await writeFile(file, jsonLines(requests));
  const categories = [{ id: 1, name: 'disc', supercategory: 'shape' }];
  await writeFile(gt, JSON.stringify({ images, annotations, categories, queries }));
  return { folder, requests: file, gt };
}
