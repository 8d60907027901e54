/**
 * @file ReasonSeg as LISA reads it (dvlab-research/LISA, utils/data_processing.py): a folder of NAME.jpg with
 * NAME.json, { shapes: [{ label, points }], text: [...], is_sentence }. A sample is a query with one mask and pixels that
 * count neither way; it has no instances.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../contract/errors.ts';
import { issueLines } from '../../contract/issues.ts';
import type { Mask, Rle } from '../../contract/mask.ts';
import { encodeRle } from '../../contract/rle.ts';
import { rasteriseOpencv } from '../../mask/rasterise-opencv.ts';

const sampleSchema = z.object({
  text: z.union([z.array(z.string()).min(1), z.string().transform((text) => [text])]),
  is_sentence: z.boolean().default(false),
  /** Of our exports: the photo, which may not lie beside the sample. */
  file_name: z.string().optional(),
  shapes: z.array(z.object({ label: z.string(), points: z.array(z.tuple([z.number(), z.number()])) })),
});
export type ReasonSegShape = z.infer<typeof sampleSchema>['shapes'][number];
/** What a sample's JSON says. */
export type ReasonSegText = z.infer<typeof sampleSchema>;

/** The sample, or what is wrong with it. */
export function readReasonSegText(value: unknown): { sample: ReasonSegText | null; problem: string } {
  const parsed = sampleSchema.safeParse(value);
  if (parsed.success) return { sample: parsed.data, problem: '' };
  return { sample: null, problem: issueLines(parsed.error).join('; ') };
}

export type ReasonSegSample = {
  /** File name without its extension. */
  readonly name: string;
  readonly image: string;
  /** The first of its texts, which is the one that published numbers are for. */
  readonly text: string;
  readonly form: 'short' | 'long';
  readonly shapes: readonly ReasonSegShape[];
};

const imageExtensions = ['.jpg', '.jpeg', '.png'];

/**
 * The samples of a folder in the order of their names.
 * @param tell is called for every sample that cannot be read.
 * @throws AppError bad-request when the folder holds none; the system's error.
 */
export async function readReasonSeg(folder: string, tell: (problem: string) => void): Promise<ReasonSegSample[]> {
  const names = (await readdir(folder)).sort();
  const samples: ReasonSegSample[] = [];
  for (const file of names.filter((name) => name.endsWith('.json'))) {
    const { name } = parse(file);
    const image = names.find((other) => {
      const { name: stem, ext } = parse(other);
      return stem === name && imageExtensions.includes(ext.toLowerCase());
    });
    const { sample, problem } = readReasonSegText(parseJson(await readFile(join(folder, file))));
    if (!sample) tell(`${file} is no ReasonSeg sample: ${problem}.`);
    else if (!image) tell(`${file} has no picture ${name}.jpg beside it.`);
    else {
      const { text, is_sentence, shapes } = sample;
      samples.push({
        name,
        image: join(folder, image),
        text: text[0]!.trim(),
        form: is_sentence ? 'long' : 'short',
        shapes,
      });
    }
  }
  if (samples.length > 0) return samples;
  throw new AppError('bad-request', `${folder} holds no ReasonSeg samples.`, {
    hint: 'Name the folder of one split, with NAME.jpg and NAME.json for each sample.',
  });
}

/** Some of the files are in Windows' Western code page. */
function parseJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    text = new TextDecoder('windows-1252').decode(bytes);
  }
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Target and ignored pixels. Shapes are painted from the largest to the smallest, each over what lies there: a small
 * target inside a large ignored area stays target, and the other way round. Of two with as many pixels the later one is
 * painted first (numpy's argsort, reversed). "flag" shapes are left out.
 * @throws AppError bad-request as `rasteriseOpencv`.
 */
export function paintReasonSeg(
  shapes: readonly ReasonSegShape[],
  width: number,
  height: number,
): { target: Rle; ignore: Rle | null } {
  const layers = shapes
    .filter(({ label }) => label.toLowerCase() !== 'flag')
    .map(({ label, points }, order) => {
      const mask = rasteriseOpencv([points.flat().map(Math.trunc)], width, height);
      const area = mask.data.reduce((sum, value) => sum + value, 0);
      return { mask, area, order, ignored: label.toLowerCase().includes('ignore') };
    })
    .sort((a, b) => b.area - a.area || b.order - a.order);
  const target = new Uint8Array(width * height);
  const ignore = new Uint8Array(width * height);
  for (const { mask, ignored } of layers) {
    for (let i = 0; i < mask.data.length; i++) {
      if (mask.data[i] === 0) continue;
      target[i] = ignored ? 0 : 1;
      ignore[i] = ignored ? 1 : 0;
    }
  }
  const rle = (data: Uint8Array): Rle => encodeRle({ width, height, data } satisfies Mask);
  return { target: rle(target), ignore: ignore.includes(1) ? rle(ignore) : null };
}
