/**
 * @file Makes the rest of the sample project beside this file: closer looks at scene.svg as further photos, and
 * project.json with queries and the masks that the bundled segmenter made for them, so that the sample is there at once
 * and without a language model. Where to look comes from requests.jsonl, or is given here as boxes.
 *
 *   node resources/sample/make-project.ts     (after make.ts)
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { compose } from '../../src-main/compose.ts';
import { parseRequestLine, type RequestLine, segmentInputOf } from '../../src-main/contract/batch.ts';
import { unwrap } from '../../src-main/contract/result.ts';

const folder = import.meta.dirname;
const pack = 'mobile-sam';

type Look = {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly scale: number;
};

/** Parts of the scene, in its own coordinates, and how many pixels one of its units gets. */
const looks: Readonly<Record<string, Look>> = {
  'fruit.jpg': { left: 880, top: 350, width: 400, height: 480, scale: 2 },
  'shelf.jpg': { left: 760, top: 40, width: 500, height: 240, scale: 2 },
};

async function takeLook(svg: string, file: string, { left, top, width, height, scale }: Look): Promise<void> {
  const root = `width="${width * scale}" height="${height * scale}" viewBox="${left} ${top} ${width} ${height}"`;
  const part = svg.replace(/width="1280" height="854" viewBox="0 0 1280 854"/, root);
  if (part === svg) throw new Error('scene.svg has another size than it had');
  await sharp(Buffer.from(part)).removeAlpha().jpeg({ quality: 88, mozjpeg: true }).toFile(join(folder, file));
}

/** Boxes of things in the scene's coordinates, in pixels of a look. */
const boxesIn = ({ left, top, scale }: Look, boxes: readonly (readonly number[])[]) =>
  boxes.map(
    (box) => box.map((value, i) => (value - (i % 2 === 0 ? left : top)) * scale) as [number, number, number, number],
  );

const app = compose({ provider: 'cpu' });

async function masksFor(request: RequestLine) {
  const input = segmentInputOf(request, join(folder, request.image));
  const { instances } = unwrap(await app.dispatch('segment.query', input, { trusted: true }));
  return instances.map(({ segmentation, score }) => ({ rle: segmentation, score: Math.round(score * 1000) / 1000 }));
}

const svg = await readFile(join(folder, 'scene.svg'), 'utf8');
for (const [file, look] of Object.entries(looks)) await takeLook(svg, file, look);
const lines = (await readFile(join(folder, 'requests.jsonl'), 'utf8')).trim().split('\n').map(parseRequestLine);
const asked = async (id: string) => {
  const request = lines.find((line) => line.id === id)!;
  return { text: request.query!, masks: await masksFor(request) };
};
const peeled = 'Which of these would you have to peel before you eat it?';
const pictures = [
  {
    file: 'scene.jpg',
    queries: [
      { ...(await asked('drink')), form: 'short', reasoningType: 'attribute', decided: 'open' },
      { ...(await asked('refill')), form: 'long', reasoningType: 'context', decided: 'accepted' },
      {
        ...{ text: 'What in this room would you take along to a football match?', masks: [] },
        ...{ form: 'long', reasoningType: 'context', decided: 'none' },
      },
    ],
  },
  {
    file: 'fruit.jpg',
    queries: [
      {
        text: peeled,
        masks: await masksFor({
          id: 'peel',
          image: 'fruit.jpg',
          boxes: boxesIn(looks['fruit.jpg']!, [
            [1088, 404, 1178, 490],
            [1130, 367, 1254, 522],
            [988, 719, 1071, 804],
          ]),
        } as RequestLine),
        ...{ form: 'long', reasoningType: 'attribute', decided: 'open' },
      },
    ],
  },
  { file: 'shelf.jpg', queries: [] },
];
await writeFile(join(folder, 'project.json'), `${JSON.stringify({ pack, pictures })}\n`);
await app.close();
