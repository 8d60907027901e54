/**
 * @file Makes the sample beside this file from scene.svg, which is drawn for this project: scene.jpg, and
 * requests.jsonl with a similarity map for each query. The maps stand in for a reasoner's: they come from the
 * scene's own shapes, coarse, blurred and noisy, so the sample runs without a language model.
 *
 *   node resources/sample/make.ts
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

const folder = import.meta.dirname;
const width = 1280;
const cells = 24;
/** Samples along one side of a cell. */
const fine = 20;
const side = cells * fine;

type Query = { id: string; query: string; targets: string[]; near: string[] };
const queries: Query[] = [
  {
    id: 'drink',
    query: 'What could someone drink from?',
    targets: ['glass', 'mug-blue', 'mug-white', 'mug-red'],
    near: ['teapot', 'bowls'],
  },
  {
    id: 'healthy-snack',
    query: 'What would you take if you were hungry and wanted something fresh instead of sweets?',
    targets: ['orange-back', 'bananas', 'apple-red', 'apple-green', 'apple-table', 'orange-table'],
    near: ['bowl', 'bowl-front', 'cookie-1', 'cookie-2', 'cookie-3'],
  },
  {
    id: 'refill',
    query: 'Which thing would you pick up to fill the empty cups of several guests?',
    targets: ['teapot'],
    near: ['mug-blue', 'mug-white', 'mug-red', 'glass'],
  },
  {
    id: 'quiet-hour',
    query: 'What on the table could keep a person busy for a quiet hour?',
    targets: ['book'],
    near: ['reading-glasses'],
  },
];

/** A thing of the scene and its pixels on a `side` x `side` raster of the padded square, 0 to 1. */
type Shape = { id: string; pixels: Float32Array };

async function renderShapes(svg: string): Promise<Shape[]> {
  const definitions = svg.match(/<defs>[\s\S]*?<\/defs>/)![0];
  const shapes: Shape[] = [];
  for (const [group, id] of svg.matchAll(/^ {2}<g id="([a-z0-9-]+)" class="object"[\s\S]*?^ {2}<\/g>$/gm)) {
    const alone = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${width}" width="${side}" height="${side}">${definitions}${group}</svg>`;
    const alpha = await sharp(Buffer.from(alone)).ensureAlpha().extractChannel(3).raw().toBuffer();
    // Glass counts as a thing although one sees through it.
    shapes.push({ id: id!, pixels: Float32Array.from(alpha, (value) => Math.min(1, value / 60)) });
  }
  return shapes;
}

/** Share of each cell that shows one of `ids`, with what stands in front taken away. */
function visibleShare(shapes: Shape[], ids: string[]): Float32Array {
  const known = new Set(shapes.map(({ id }) => id));
  for (const id of ids) if (!known.has(id)) throw new Error(`scene.svg has no object "${id}"`);
  const seen = new Float32Array(side * side);
  for (const { id, pixels } of shapes) {
    const mine = ids.includes(id) ? 1 : 0;
    for (let i = 0; i < seen.length; i++) seen[i] = seen[i]! * (1 - pixels[i]!) + mine * pixels[i]!;
  }
  const share = new Float32Array(cells * cells);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const cell = Math.floor(y / fine) * cells + Math.floor(x / fine);
      share[cell] = share[cell]! + seen[y * side + x]! / fine ** 2;
    }
  }
  return share;
}

function blur(map: Float32Array): Float32Array {
  const kernel = [0.05, 0.12, 0.05, 0.12, 0.32, 0.12, 0.05, 0.12, 0.05];
  return map.map((_, i) => {
    let sum = 0;
    for (let k = 0; k < 9; k++) {
      const y = Math.floor(i / cells) + Math.floor(k / 3) - 1;
      const x = (i % cells) + (k % 3) - 1;
      if (y >= 0 && x >= 0 && y < cells && x < cells) sum += kernel[k]! * map[y * cells + x]!;
    }
    return sum;
  });
}

/** Numbers from -1 to 1, the same at each run (a linear congruential generator). */
function noiseFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** Cosine-like: about -0.2 off target, up to 0.6 on it, a little on what belongs to the same idea. */
function similarityMap(shapes: Shape[], { targets, near }: Query, seed: number): number[] {
  const target = blur(visibleShare(shapes, targets));
  const related = blur(visibleShare(shapes, near));
  const noise = noiseFrom(seed);
  return Array.from(target, (share, i) => {
    const value = -0.2 + 0.8 * Math.min(1, share * 1.3) + 0.14 * related[i]! + 0.035 * noise();
    return Math.round(Math.min(0.6, value) * 1000) / 1000;
  });
}

const svg = await readFile(join(folder, 'scene.svg'), 'utf8');
await sharp(Buffer.from(svg)).removeAlpha().jpeg({ quality: 90, mozjpeg: true }).toFile(join(folder, 'scene.jpg'));
const shapes = await renderShapes(svg);
const lines = queries.map((query, i) => {
  const activation = similarityMap(shapes, query, i + 1);
  return JSON.stringify({ id: query.id, image: 'scene.jpg', query: query.query, grid: [cells, cells], activation });
});
await writeFile(join(folder, 'requests.jsonl'), `${lines.join('\n')}\n`);
