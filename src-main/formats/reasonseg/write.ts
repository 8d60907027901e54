/**
 * @file ReasonSeg as LISA reads it (dvlab-research/LISA, utils/data_processing.py): in the folder of a split, NAME.jpg and
 * NAME.json for each query. Masks are polygons that OpenCV fills; ours run through the centres of the outermost pixels
 * and reach holes over a bridge, so that its `fillPoly` paints the very mask.
 */
import { extname } from 'node:path';
import { rleOf, runsBox, runsOf } from '../../contract/rle.ts';
import { unionAll } from '../../mask/boolean.ts';
import { pixelRings } from '../../mask/pixel-rings.ts';
import { cropped } from '../coco/segmentation.ts';
import type { Selected } from '../coco/selection.ts';
import { type Answer, type ExportContext, eachAnswered, type ImageAnswers, loseOfImage } from '../export/context.ts';
import type { FolderWriter } from '../export/folder-writer.ts';
import { loseOfInstance, loseOfQuery } from '../export/losses.ts';
import { copyPhoto, photoOf, stemOf } from '../export/photos.ts';

export async function writeReasonSeg(context: ExportContext, out: FolderWriter): Promise<void> {
  const { counts, losses, fidelity } = context;
  for await (const answered of eachAnswered(context, 'write')) {
    if (!loseOfImage(context, answered)) continue;
    const { image, fileName, answers } = answered;
    const photo = photoOf(context, image);
    if (photo !== null && !/\.jpe?g$/i.test(extname(photo))) losses.add('renamed');
    const seen = new Set<number>();
    for (const answer of answers) {
      const name = sampleName(answered, answer);
      await out.put(`${name}.json`, asciiJson(toSample(answer, fileName, image)));
      if (photo !== null) await copyPhoto(context, out, `${name}.jpg`, photo);
      loseOfQuery(losses, answer, { form: true });
      if (answer.instances.length > 1) losses.add('merged');
      for (const { instance } of answer.instances) {
        if (!seen.has(instance.id)) loseOfInstance(losses, instance, false);
        seen.add(instance.id);
      }
      counts.queries++;
      counts.annotations += answer.instances.length;
      fidelity.add(1); // the check compares every one
    }
    counts.images++;
  }
}

/** Relative, without an ending. LISA finds the JSON by replacing ".jpg" wherever it is, so names have no dots. */
export function sampleName({ split, fileName }: ImageAnswers, { query }: Answer): string {
  return `${split}/${stemOf(fileName).replaceAll(/[./]/g, '_')}_q${query.id}`;
}

type Size = { readonly width: number; readonly height: number };

/** Keys from `query_id` on are for people; LISA leaves them alone. None is LabelMe's, or readers would take it for that. */
const toSample = ({ query, instances }: Answer, fileName: string, { width, height }: Size) => ({
  text: [query.text],
  is_sentence: query.form === 'long',
  shapes: instances.flatMap((selected, k) => shapesOf(selected, height, k + 1)),
  query_id: query.id,
  file_name: fileName,
  width,
  height,
});

/** One shape for each part of an instance. @param group number of the instance in the answer, from 1. */
function shapesOf({ runs }: Selected, height: number, group: number) {
  const box = runsBox(runs, height);
  const [left, top] = box;
  return pixelRings(cropped(runs, height, box)).map((ring) => ({
    label: 'target',
    shape_type: 'polygon',
    group_id: group,
    points: pairs(ring).map(([x, y]) => [x + left, y + top]),
  }));
}

const pairs = (ring: readonly number[]): [number, number][] =>
  Array.from({ length: ring.length / 2 }, (_, k) => [ring[2 * k]!, ring[2 * k + 1]!]);

/** LISA opens files in the system's own encoding first: on Windows that is none that UTF-8 would survive. */
const asciiJson = (value: object): string =>
  JSON.stringify(value).replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The one mask of an answer, as canonical runs. */
export function unionOf(instances: readonly Selected[], { width, height }: Size): Uint32Array {
  if (instances.length === 0) return Uint32Array.of(width * height);
  return runsOf(unionAll(instances.map(({ runs }) => rleOf(runs, height, width))));
}
