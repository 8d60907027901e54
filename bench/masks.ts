/**
 * @file RLE encode, decode, union and IoU against pycocotools (C), in one run, on the same masks, call by call in
 * turn. Both sides are timed at their API: compressed strings in and out, pixels as each side's users hold them.
 * Ours are row-major, as images are. pycocotools wants column-major pixels, so it is shown twice: with the conversion
 * from and to row-major that a numpy user writes, and ("column-major") with pixels that somebody else has transposed
 * already. The second is no like for like: sorting by column is most of our work there, and none of its.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Mask } from '../src-main/contract/mask.ts';
import { decodeRle, encodeRle } from '../src-main/contract/rle.ts';
import { iou, union } from '../src-main/mask/boolean.ts';

const sizes = [
  [640, 480],
  [4000, 3000],
] as const;

/** Time that one sample of one side should take; short calls are repeated within a sample. */
const sampleNs = 8e6;
const samples = 11;

export async function bench(): Promise<void> {
  const python = process.env['NOVO_PYTHON'] ?? (process.platform === 'win32' ? 'python' : 'python3');
  if (spawnSync(python, ['-c', 'import numpy, pycocotools.mask']).status !== 0) {
    console.error(
      `masks: skipped, ${python} has no pycocotools. Make one with "python3 -m venv .venv && .venv/bin/pip install ` +
        'pycocotools numpy" and run again with NOVO_PYTHON=.venv/bin/python.',
    );
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'novo-bench-'));
  const child = spawn(python, [join(import.meta.dirname, 'masks.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (request: object) => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error('bench/masks.py ended early; its message is above.');
    return JSON.parse(value);
  };
  console.log('Masks: time of one call, and ours / pycocotools (median of interleaved samples; below 1 is faster)\n');
  console.log('| size | mask | operation | ours ms | pycocotools ms | ratio |\n|---|---|---|---|---|---|');
  try {
    let worst = 0; // of the rows that compare like with like
    let worstTransposed = 0;
    for (const [width, height] of sizes) {
      for (const [name, make] of Object.entries(shapes)) {
        const a = make(width, height, 1);
        const b = make(width, height, 2);
        const files = { a: join(folder, 'a'), b: join(folder, 'b') };
        writeFileSync(files.a, a.data);
        writeFileSync(files.b, b.data);
        const theirs = await ask({ load: true, width, height, ...files });
        for (const [op, run] of Object.entries(operations(a, b, theirs))) {
          const row = await compare(run, (repeat) => ask({ op, repeat }));
          if (op.endsWith('(column-major)')) worstTransposed = Math.max(worstTransposed, row.ratio);
          else worst = Math.max(worst, row.ratio);
          const ms = (ns: number) => (ns / 1e6).toPrecision(3);
          console.log(
            `| ${width} x ${height} | ${name} | ${op} | ${ms(row.ours)} | ${ms(row.theirs)} | ${row.ratio.toFixed(2)} |`,
          );
        }
      }
    }
    console.log(
      `\nLargest ratio: ${worst.toFixed(2)}; with pixels transposed for pycocotools beforehand: ${worstTransposed.toFixed(2)}`,
    );
  } finally {
    child.stdin.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Our calls; both sides must first agree on the results, or the times mean nothing. */
function operations(a: Mask, b: Mask, theirs: { a: string; b: string; union: string; iou: number }) {
  const first = encodeRle(a);
  const second = encodeRle(b);
  const agree =
    first.counts === theirs.a &&
    second.counts === theirs.b &&
    union(first, second).counts === theirs.union &&
    Math.abs(iou(first, second) - theirs.iou) < 1e-12;
  if (!agree) throw new Error('Our masks differ from those of pycocotools.');
  return {
    encode: () => encodeRle(a),
    'encode (column-major)': () => encodeRle(a),
    decode: () => decodeRle(first),
    'decode (column-major)': () => decodeRle(first),
    union: () => union(first, second),
    IoU: () => iou(first, second),
  };
}

async function compare(run: () => unknown, ask: (repeat: number) => Promise<number>) {
  const time = (repeat: number) => {
    const start = process.hrtime.bigint();
    for (let i = 0; i < repeat; i++) run();
    return Number(process.hrtime.bigint() - start) / repeat;
  };
  const once = Math.min(time(1), time(1), time(1));
  if (once < sampleNs) time(Math.ceil((10 * sampleNs) / once)); // lets the compiler settle
  const repeat = Math.ceil(sampleNs / Math.min(time(3), await ask(3)));
  const ours: number[] = [];
  const theirs: number[] = [];
  const ratios: number[] = [];
  for (let i = 0; i < samples; i++) {
    ours.push(time(repeat));
    theirs.push(await ask(repeat));
    ratios.push(ours[i]! / theirs[i]!);
  }
  return { ours: median(ours), theirs: median(theirs), ratio: median(ratios) };
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** Masks as annotators make them, and two that are not: specks everywhere, and noise with no structure at all. */
const shapes: Readonly<Record<string, (width: number, height: number, seed: number) => Mask>> = {
  'one object': (width, height, seed) => objects(width, height, seed, 1),
  'objects with holes': (width, height, seed) => objects(width, height, seed, 12),
  'objects and specks (2 %)': (width, height, seed) => {
    const mask = objects(width, height, seed, 12);
    const random = generator(seed + 100);
    for (let i = 0; i < mask.data.length; i++) if (random() < 0.02) mask.data[i]! ^= 1;
    return mask;
  },
  'noise (50 %)': (width, height, seed) => {
    const random = generator(seed + 200);
    return { width, height, data: Uint8Array.from({ length: width * height }, () => (random() < 0.5 ? 1 : 0)) };
  },
};

/** Wavy discs, each with a hole. */
function objects(width: number, height: number, seed: number, count: number): Mask {
  const random = generator(seed);
  const data = new Uint8Array(width * height);
  for (let n = 0; n < count; n++) {
    const cx = (0.2 + 0.6 * random()) * width;
    const cy = (0.2 + 0.6 * random()) * height;
    const radius = ((0.6 + 0.4 * random()) * height) / (2 + Math.sqrt(count));
    const waves = 5 + Math.floor(20 * random());
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const distance = Math.hypot(x - cx, y - cy);
        if (distance > 1.2 * radius) continue;
        const edge = radius * (1 + 0.1 * Math.sin(waves * Math.atan2(y - cy, x - cx)) + 0.01 * random());
        if (distance < edge) data[y * width + x] = distance > 0.3 * radius ? 1 : 0;
      }
    }
  }
  return { width, height, data };
}

/** Pseudo-random numbers in [0, 1), the same for a seed everywhere (xorshift32). */
function generator(seed: number): () => number {
  let state = seed * 2654435761 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
