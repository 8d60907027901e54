/** @file Results in the forms that they come in, as a stream of results by the id of their query. */
import { z } from 'zod';
import { AppError } from '../contract/errors.ts';
import { issueLines } from '../contract/issues.ts';
import type { CocoFile } from '../formats/coco/read.ts';
import type { Asked } from './asked.ts';
import type { Problems } from './problems.ts';
import { type Place, type RawResult, resultId } from './result.ts';

/** Our own lines, one result each. */
export async function* resultsOfLines(
  lines: AsyncIterable<{ readonly text: string; readonly number: number }>,
  problems: Problems,
): AsyncGenerator<RawResult> {
  for await (const { text, number } of lines) {
    const where = `Line ${number}`;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      problems.tell('unreadable', `${where} is not JSON: ${(error as Error).message}.`);
      continue;
    }
    yield { id: resultId(value), where, value };
  }
}

const id = z.union([z.int(), z.string()]);
const cocoResultSchema = z.object({
  image_id: id,
  category_id: id.optional(),
  query_id: id.optional(),
  segmentation: z.unknown(),
  score: z.number(),
});
export type CocoResult = z.infer<typeof cocoResultSchema>;

/** The detections of a COCO results file, [{ image_id, category_id, segmentation, score }]. */
export function readCocoResults(values: readonly unknown[], problems: Problems): CocoResult[] {
  return values.flatMap((value, k) => {
    const parsed = cocoResultSchema.safeParse(value);
    if (parsed.success) return [parsed.data];
    problems.tell('unreadable', `Detection ${k + 1} cannot be read: ${issueLines(parsed.error).join('; ')}.`);
    return [];
  });
}

/**
 * Detections as answers: by `query_id`, or by `image_id` where each image is asked one thing only. A query without a
 * detection is an answer too, "nothing matches": the form knows no other way to say it.
 * @throws AppError bad-request when detections cannot be told apart by query.
 */
export function resultsOfDetections(detections: readonly CocoResult[], asked: ReadonlyMap<string, Asked>): RawResult[] {
  const byImage = new Map<string, string | null>();
  for (const { id: query, imageKey } of asked.values()) byImage.set(imageKey, byImage.has(imageKey) ? null : query);
  const grouped = new Map<string, CocoResult[]>(Array.from(asked.keys(), (query) => [query, []]));
  for (const detection of detections) {
    const key = detection.query_id ?? byImage.get(String(detection.image_id));
    if (key === null) {
      throw new AppError(
        'bad-request',
        `Image ${detection.image_id} has several queries, and a detection no query_id.`,
        {
          hint: 'Add "query_id" to every detection, or evaluate JSON lines, one for each query.',
        },
      );
    }
    const name = String(key ?? `image ${detection.image_id}`);
    grouped.set(name, [...(grouped.get(name) ?? []), detection]);
  }
  return Array.from(grouped, ([query, list]) => ({
    id: query,
    where: `The detections of "${query}"`,
    value: { id: query, instances: list.map(({ segmentation, score }) => ({ segmentation, score })) },
  }));
}

/** A query that a person or a model has answered in a project. */
export type AnsweredQuery = {
  readonly fileName: string;
  readonly text: string;
  readonly place?: Place;
  readonly instances: readonly { readonly segmentation: unknown; readonly score: number | null }[];
};

/** The queries of a COCO file with queries, answered; the same for the export of a project. */
export function* answersOfFile({ queries, images, annotations }: CocoFile): Generator<AnsweredQuery> {
  for (const { image_id, text, annotation_ids } of queries ?? []) {
    const instances = annotation_ids.flatMap((annotationId) => {
      const annotation = annotations.get(annotationId);
      const score = annotation?.score ?? annotation?.attributes?.['score'];
      return annotation
        ? [{ segmentation: annotation.segmentation, score: typeof score === 'number' ? score : null }]
        : [];
    });
    yield { fileName: images.get(image_id)?.file_name ?? '', text, instances };
  }
}

/**
 * Answers matched to the ground truth by the name of the photo and the words of the query, as ids are each file's own.
 * A mask without a score was made by a person: 1.
 */
export async function* resultsOfAnswers(
  answers: AsyncIterable<AnsweredQuery> | Iterable<AnsweredQuery>,
  asked: ReadonlyMap<string, Asked>,
): AsyncGenerator<RawResult> {
  const find = finder(asked);
  for await (const { fileName, text, instances, place } of answers) {
    const value = { instances: instances.map(({ segmentation, score }) => ({ segmentation, score: score ?? 1 })) };
    const name = `${JSON.stringify(text)} on ${fileName}`;
    yield { id: find(fileName, text) ?? name, where: `The answer to ${name}`, value, ...(place && { place }) };
  }
}

/** By the whole name of the photo, or by its last part where only one query fits that. */
function finder(asked: ReadonlyMap<string, Asked>) {
  const words = (text: string) => text.normalize('NFC').trim().toLowerCase();
  const base = (name: string) => name.slice(name.lastIndexOf('/') + 1);
  const key = (name: string, text: string) => `${name.normalize('NFC')}\n${words(text)}`;
  const whole = new Map<string, string>();
  const last = new Map<string, string | null>();
  for (const { id: query, fileName, text } of asked.values()) {
    whole.set(key(fileName ?? '', text), query);
    const short = key(base(fileName ?? ''), text);
    last.set(short, last.has(short) ? null : query);
  }
  return (name: string, text: string) => whole.get(key(name, text)) ?? last.get(key(base(name), text)) ?? null;
}
