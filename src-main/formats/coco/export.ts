/**
 * @file A project as one standard COCO file with its queries beside the annotations. Streams: one image's records and a
 * block of text are in memory, besides the ids of what was left out.
 */
import type { ImageRecord } from '../../contract/records.ts';
import { writeList } from '../export/json-lists.ts';
import { type Append, replaceJsonFile } from '../replace-file.ts';
import { reconcile } from './reconcile.ts';
import { toAnnotation, toImage, toQuery } from './records.ts';
import { type Categories, eachImage, instancesOf, numberCategories, queriesOf } from './selection.ts';
import type { CocoOptions, CocoReport, CocoSource, Written } from './source.ts';

/**
 * Writes `file`, or leaves the one that is there as it was: the new one takes its place when it was read back, whole,
 * and is the same as the source. The same records and options give the same bytes.
 * @throws AppError io; bad-request for a target that is no JSON file; bad-project for records that contradict each
 * other; internal when the written file is not what it should be; the signal's reason.
 */
export async function exportCoco(source: CocoSource, file: string, options: CocoOptions = {}): Promise<CocoReport> {
  const categories = await numberCategories(source, options);
  const written: Written = {
    images: 0,
    annotations: 0,
    categories: 0,
    queries: 0,
    polygons: 0,
    leftOut: [],
    emptied: [],
  };
  const bytes = await replaceJsonFile(
    file,
    (append) => writeCoco(source, options, categories, written, append),
    async (temporary) => {
      await reconcile(source, options, categories, written, temporary);
      options.signal?.throwIfAborted();
    },
  );
  return { ...written, bytes };
}

/** Sections in the order that they are known in: the default category is in the file only if it was needed. */
async function writeCoco(
  source: CocoSource,
  options: CocoOptions,
  categories: Categories,
  written: Written,
  append: Append,
): Promise<void> {
  let withoutCategory = false;
  const info = { description: source.description, url: '', version: '1.0', contributor: '', date_created: '' };
  await append(`{"info":${JSON.stringify(info)},\n"licenses":[]`);
  await writeList(append, 'images', images());
  await writeList(append, 'annotations', annotations());
  await writeList(append, 'categories', used());
  await writeList(append, 'queries', queries());
  await append('}\n');

  async function* images() {
    for await (const image of eachImage(source, options, 'write', 0)) {
      written.images++;
      yield toImage(image, source.fileName(image));
    }
  }

  async function* annotations() {
    for await (const image of eachImage(source, options, 'write', 1)) yield* annotationsOf(image);
  }

  async function* annotationsOf(image: ImageRecord) {
    for await (const selected of instancesOf(source, image, options)) {
      const { instance, area } = selected;
      if (area === 0) {
        written.leftOut.push({ instanceId: instance.id, imageId: image.id });
        continue;
      }
      withoutCategory ||= instance.categoryId === null;
      const number = categories.numberOf(instance);
      const annotation = toAnnotation(selected, image, number, options.segmentation ?? 'auto');
      written.annotations++;
      if (Array.isArray(annotation.segmentation)) written.polygons++;
      yield annotation;
    }
  }

  function* used() {
    const { list, fallback } = categories;
    const all = withoutCategory && !list.includes(fallback) ? [...list, fallback] : list;
    written.categories = all.length;
    yield* all;
  }

  async function* queries() {
    const leftOut = new Set(written.leftOut.map(({ instanceId }) => instanceId));
    for await (const image of eachImage(source, options, 'write', 2)) {
      for (const asked of await queriesOf(source, image, options)) {
        const query = toQuery(asked, leftOut);
        if (query.annotation_ids.length === 0 && asked.links.length > 0) written.emptied.push(query.id);
        written.queries++;
        yield query;
      }
    }
  }
}
