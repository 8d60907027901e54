/**
 * @file ReasonSeg folders (see read.ts) into a plan: each text of a sample is a query, each target shape an instance. The
 * instances of a query together are, pixel by pixel, the mask that LISA's loader paints. Ignored areas become instances
 * of no query with the attribute `ignore`.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../contract/errors.ts';
import type { ImportProgress, ImportSink, Photo, PhotoRef } from '../../contract/import.ts';
import { runsOf } from '../../contract/rle.ts';
import { maskToRuns } from '../../contract/runs.ts';
import { combineRuns } from '../../mask/boolean.ts';
import { rasteriseOpencv } from '../../mask/rasterise-opencv.ts';
import { instanceDraft } from '../import-draft.ts';
import { folderAndFiles, readJson } from '../import-files.ts';
import { paintReasonSeg, type ReasonSegShape, type ReasonSegText, readReasonSegText } from './read.ts';

type Options = {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
};
type Found = { readonly file: string; readonly sample: ReasonSegText; readonly ref: PhotoRef };

const longestText = 10_000;
const isIgnored = ({ label }: ReasonSegShape) => label.toLowerCase().includes('ignore');
const isFlag = ({ label }: ReasonSegShape) => label.toLowerCase() === 'flag';

/** @throws AppError bad-request where no file is a sample; the system's error; the signal's reason. */
export async function importReasonSeg(path: string, sink: ImportSink, options: Options = {}): Promise<void> {
  const { folder, files } = await folderAndFiles(path, /\.json$/i, options.signal);
  const found: Found[] = [];
  for (const [k, file] of files.entries()) {
    options.signal?.throwIfAborted();
    const { sample, problem } = readReasonSegText(await readJson(join(folder, file)));
    if (sample) found.push({ file, sample, ref: await photoRef(join(folder, file), sample.file_name) });
    else sink.skip('unreadable', `${file}: ${problem}`);
    options.onProgress?.({ stage: 'read', done: k + 1, total: files.length });
  }
  if (found.length === 0) {
    throw new AppError('bad-request', `${path} holds no ReasonSeg samples.`, {
      hint: 'A sample is NAME.jpg with NAME.json: { "text": [...], "is_sentence": ..., "shapes": [...] }.',
    });
  }
  const photos = sink.photos(found.map(({ ref }) => ref));
  // Several samples may have copies of one photo.
  sink.read('images', new Set(found.map(({ ref }) => ref.hash ?? (ref.name || ref.stem))).size);
  /** Samples of one photo may share a mask: it is one instance. */
  const places = new Map<string, number>();
  for (const [k, { file, sample }] of found.entries()) {
    options.signal?.throwIfAborted();
    sink.read('queries', sample.text.length);
    sink.read('instances', sample.shapes.length);
    const photo = photos[k];
    if (photo) importSample(file, sample, photo, sink, places);
    else if (sample.text.length > 0)
      sink.skip('photo-left-out', `${sample.text.length} queries of ${file}`, sample.text.length);
  }
}

const pictures = ['.jpg', '.jpeg', '.png'];

/**
 * The photo lies beside its sample, often as a copy under another name: then its content says which one it is.
 * @param own the name of the photo that was copied, where the sample has it.
 */
async function photoRef(file: string, own: string | undefined): Promise<PhotoRef> {
  const { name, dir } = parse(file);
  const names = await readdir(dirname(file)).catch(() => []);
  const beside = names.find((other) => parse(other).name === name && pictures.includes(parse(other).ext.toLowerCase()));
  const ref = { name: own ?? (beside ? join(dir, beside) : ''), stem: join(dir, name), width: null, height: null };
  if (!beside) return ref;
  const hash = createHash('sha256');
  const isRead = await pipeline(createReadStream(join(dir, beside)), hash).then(
    () => true,
    () => false,
  );
  return isRead ? { ...ref, hash: hash.digest('hex') } : ref;
}

function importSample(
  file: string,
  sample: ReasonSegText,
  photo: Photo,
  sink: ImportSink,
  places: Map<string, number>,
) {
  const links = importShapes(file, sample, photo, sink, places);
  const seen = new Set<string>();
  for (const given of sample.text) {
    const text = given.trim();
    if (text === '') sink.skip('text-missing', file);
    else if (text.length > longestText) sink.skip('text-long', file);
    else if (seen.has(text)) sink.skip('twice', `${file}: ${text}`);
    else {
      seen.add(text);
      sink.plan.queries.push({
        imageId: photo.id,
        text,
        form: sample.is_sentence ? 'long' : 'short',
        reasoningType: null,
        source: 'import',
        status: links === null ? 'draft' : 'accepted',
        // A sample whose mask is empty says that nothing matches: that is how LISA's loader reads it.
        noTarget: links?.length === 0,
        exhaustive: true,
        clear: null,
        correct: null,
        reviewer: null,
        note: '',
        links: links ?? [],
        model: null,
      });
    }
  }
}

/** Places of the answer; null where its shapes could not be read. */
function importShapes(
  file: string,
  { shapes }: ReasonSegText,
  photo: Photo,
  sink: ImportSink,
  places: Map<string, number>,
): { instance: number; rank: null }[] | null {
  const flags = shapes.filter(isFlag);
  if (flags.length > 0) sink.skip('flag-shape', `${flags.length} of ${file}`, flags.length);
  const areas = shapes.filter((shape) => !isFlag(shape));
  try {
    const painted = paintReasonSeg(areas, photo.width, photo.height);
    const answer: number[] = [];
    for (const shape of areas) {
      const within = isIgnored(shape) ? painted.ignore : painted.target;
      const whole = maskToRuns(rasteriseOpencv([shape.points.flat().map(Math.trunc)], photo.width, photo.height));
      const runs = within ? combineRuns(whole, runsOf(within), 'intersect') : null;
      const draft = runs && instanceDraft(runs, photo, null, isIgnored(shape) ? { attributes: { ignore: true } } : {});
      if (!draft) {
        sink.skip('mask-empty', `a ${shape.label} of ${file}`);
        continue;
      }
      const key = `${photo.id} ${isIgnored(shape)} ${draft.rle.counts}`;
      if (places.has(key)) sink.mend('joined', `a ${shape.label} of ${file}`);
      const place = places.get(key) ?? sink.plan.instances.push(draft) - 1;
      places.set(key, place);
      if (!isIgnored(shape)) answer.push(place);
    }
    return [...new Set(answer)].map((instance) => ({ instance, rank: null }));
  } catch (error) {
    sink.skip('mask-damaged', `${file}: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}
