/**
 * @file Records as the objects of the file. The order of the keys is the order in the file.
 */
import type { ImageRecord, Instance } from '../../contract/records.ts';
import { runsBox } from '../../contract/rle.ts';
import { toSegmentation } from './segmentation.ts';
import type { Selected } from './selection.ts';
import type { AskedQuery, SegmentationMode } from './source.ts';

export type Scalar = string | number | boolean | null;

export const toImage = ({ id, width, height }: ImageRecord, fileName: string) => ({
  id,
  file_name: fileName,
  width,
  height,
});

/** `iscrowd` is 0 also for RLE: with 1, evaluators would not count the instance. */
export function toAnnotation(selected: Selected, image: ImageRecord, categoryId: number, mode: SegmentationMode) {
  const { instance, runs, area } = selected;
  return {
    id: instance.id,
    image_id: image.id,
    category_id: categoryId,
    iscrowd: 0,
    area,
    bbox: runsBox(runs, image.height),
    segmentation: toSegmentation(runs, image.height, image.width, mode),
    attributes: attributesOf(instance, selected.queryIds),
  };
}

/**
 * Scalars only, which is what readers of `attributes` keep: a list or an object becomes its JSON text, and the queries
 * of an instance are `query_ids`, "3,7". What the project knows itself goes before an attribute of the same name.
 */
export function attributesOf(
  { attributes, score, source }: Instance,
  queryIds: readonly number[],
): Record<string, Scalar> {
  const scalars = Object.entries(attributes).map(([name, value]): [string, Scalar] => [
    name,
    typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
  ]);
  return {
    ...Object.fromEntries(scalars),
    ...(score === null ? {} : { score }),
    source,
    ...(queryIds.length === 0 ? {} : { query_ids: queryIds.join(',') }),
  };
}

/** Links whose instances are in the file, in their order. */
export const writtenLinks = ({ links }: AskedQuery, leftOut: ReadonlySet<number>) =>
  links.filter(({ instanceId }) => !leftOut.has(instanceId));

/** `ranks` stand beside `annotation_ids`, and are there only where the answer has an order. */
export function toQuery(asked: AskedQuery, leftOut: ReadonlySet<number>) {
  const { query, model } = asked;
  const links = writtenLinks(asked, leftOut);
  return {
    id: query.id,
    image_id: query.imageId,
    text: query.text,
    annotation_ids: links.map(({ instanceId }) => instanceId),
    ...(links.some(({ rank }) => rank !== null) ? { ranks: links.map(({ rank }) => rank) } : {}),
    no_target: query.noTarget,
    exhaustive: query.exhaustive,
    status: query.status,
    form: query.form,
    reasoning_type: query.reasoningType,
    source: query.source,
    clear: query.clear,
    correct: query.correct,
    reviewer: query.reviewer,
    note: query.note,
    model: model && { pack: model.pack, reasoner: model.reasoner },
  };
}
