/** @file ReasonSeg samples read back by LISA's rules and compared with the project, pixel by pixel. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { maskToRuns } from '../../contract/runs.ts';
import { rasteriseOpencv } from '../../mask/rasterise-opencv.ts';
import { differs, same } from '../export/compare.ts';
import { type Answer, type ExportContext, eachAnswered } from '../export/context.ts';
import { samePhoto } from '../export/photos.ts';
import { sampleName, unionOf } from './write.ts';

type Sample = {
  readonly text: string[];
  readonly is_sentence: boolean;
  readonly shapes: readonly { readonly label: string; readonly points: readonly [number, number][] }[];
};

/** @throws AppError internal at the first difference. */
export async function checkReasonSeg(context: ExportContext, folder: string): Promise<void> {
  let queries = 0;
  for await (const answered of eachAnswered(context, 'check')) {
    for (const answer of answered.answers) {
      const name = sampleName(answered, answer);
      const sample = JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8')) as Sample;
      checkSample(name, sample, answer, answered.image);
      await samePhoto(folder, `${name}.jpg`, answered.image);
      queries++;
    }
  }
  same('the counts', context.counts.queries, queries);
}

function checkSample(name: string, sample: Sample, answer: Answer, image: { width: number; height: number }): void {
  same(`the text of ${name}`, sample.text, [answer.query.text]);
  same(`the form of ${name}`, sample.is_sentence, answer.query.form === 'long');
  const found = maskToRuns({ ...image, data: painted(sample, image) });
  const wanted = unionOf(answer.instances, image);
  if (found.length !== wanted.length || found.some((run, k) => run !== wanted[k])) {
    throw differs(`the mask of ${name} is another one`);
  }
}

/**
 * Points cut to whole numbers, each shape filled by OpenCV's rule. All of ours are targets, so the order that LISA paints
 * in does not matter. Each is filled in its own box: there may be many, and photos are large.
 */
function painted({ shapes }: Sample, { width, height }: { width: number; height: number }): Uint8Array {
  const data = new Uint8Array(width * height);
  for (const { label, points } of shapes) {
    if (label !== 'target' || points.length < 3) throw differs(`a shape "${label}" of ${points.length} points`);
    const xs = points.map(([x]) => Math.trunc(x));
    const ys = points.map(([, y]) => Math.trunc(y));
    const [left, right] = [least(xs), -least(xs.map((x) => -x))];
    const [top, bottom] = [least(ys), -least(ys.map((y) => -y))];
    if (left < 0 || top < 0 || right >= width || bottom >= height) throw differs('a shape leaves the image');
    const ring = xs.flatMap((x, k) => [x - left, ys[k]! - top]);
    const part = rasteriseOpencv([ring], right - left + 1, bottom - top + 1);
    for (let y = 0; y < part.height; y++) {
      for (let x = 0; x < part.width; x++) data[(y + top) * width + x + left]! |= part.data[y * part.width + x]!;
    }
  }
  return data;
}

const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Infinity);
