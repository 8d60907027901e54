/**
 * @file Reads an exported file back and compares it with the project, record by record: every count, id, size, area,
 * box, link and mask. Masks are compared as the pixels that COCO's own tools will see. Both sides stream, so a file of
 * any size is checked whole; kept are only the ids of the annotations, each with its image's.
 */
import { AppError } from '../../contract/errors.ts';
import type { Rle } from '../../contract/mask.ts';
import type { ImageRecord } from '../../contract/records.ts';
import { rleBox, runsOf } from '../../contract/rle.ts';
import { rasteriseCoco } from '../../mask/rasterise-coco.ts';
import { checked, differs, same } from '../export/compare.ts';
import { type JsonEvent, jsonElements } from '../json-elements.ts';
import { type ImageTable, imageTable } from './image-table.ts';
import { attributesOf, writtenLinks } from './records.ts';
import { type Categories, eachImage, hintCheck, instancesOf, maskText, queriesOf, type Selected } from './selection.ts';
import type { AskedQuery, CocoOptions, CocoSource, Written } from './source.ts';

type Json = Readonly<Record<string, unknown>>;

/** @throws AppError internal at the first difference; bad-project for links that lead nowhere; the signal's reason. */
export async function reconcile(
  source: CocoSource,
  options: CocoOptions,
  categories: Categories,
  written: Written,
  file: string,
): Promise<void> {
  const events = jsonElements(file, options.signal);
  const take = async (): Promise<JsonEvent | null> => (await events.next()).value ?? null;
  const element = async (key: string, what: string): Promise<Json> => {
    const event = await take();
    if (event?.kind !== 'element' || event.key !== key) throw differs(`${what} is missing`);
    return event.value as Json;
  };
  const begins = async (key: string) => {
    const event = await take();
    if (event?.kind !== 'array' || event.key !== key) throw differs(`the section ${key} does not follow`);
  };
  const owners = imageTable();
  const leftOut = new Set<number>();
  const counts = { images: 0, annotations: 0, queries: 0 };
  try {
    await checked(compare);
  } finally {
    await events.return(undefined);
  }

  async function compare(): Promise<void> {
    const info = await take();
    if (info?.kind !== 'value' || info.key !== 'info') throw differs('the section info does not follow');
    await begins('licenses');
    await begins('images');
    for await (const image of eachImage(source, options, 'check', 0)) {
      counts.images++;
      checkImage(await element('images', `image ${image.id}`), image, source.fileName(image));
    }
    await begins('annotations');
    for await (const image of eachImage(source, options, 'check', 1)) {
      for await (const selected of instancesOf(source, image, options)) {
        const { id } = selected.instance;
        if (selected.area === 0) {
          leftOut.add(id);
          continue;
        }
        counts.annotations++;
        if (id < 1 || owners.of(id) !== 0) throw differs(`the id of annotation ${id} is not its own`);
        owners.put(id, image.id);
        checkAnnotation(await element('annotations', `annotation ${id}`), selected, image, categories);
      }
    }
    await begins('categories');
    for (const category of [...categories.list, categories.fallback].slice(0, written.categories)) {
      same(`category ${category.id}`, await element('categories', `category ${category.id}`), category);
    }
    await begins('queries');
    for await (const image of eachImage(source, options, 'check', 2)) {
      for (const asked of await queriesOf(source, image, options)) {
        counts.queries++;
        checkLinks(asked, owners, leftOut);
        checkQuery(await element('queries', `query ${asked.query.id}`), asked, leftOut);
      }
    }
    if ((await take()) !== null) throw differs('it has more than the project');
    const { images, annotations, queries } = written;
    same('the counts', { images, annotations, queries }, counts);
  }
}

function checkImage(found: Json, image: ImageRecord, fileName: string): void {
  const { id, width, height } = image;
  same(`image ${id}`, found, { id, file_name: fileName, width, height });
  const parts = fileName.split('/');
  if (fileName === fileName.normalize('NFC') && !parts.some((part) => ['', '.', '..'].includes(part))) return;
  throw differs(`"${fileName}" is no relative path`);
}

function checkAnnotation(found: Json, selected: Selected, image: ImageRecord, categories: Categories): void {
  const { instance, runs, area, queryIds } = selected;
  const name = `annotation ${instance.id}`;
  const mask = maskOf(found['segmentation'], image);
  if (mask.counts !== maskText(runs, image)) throw differs(`the mask of ${name} is another one`);
  same(`the size of ${name}`, mask.size, [image.height, image.width]);
  same(`the box of ${name}`, found['bbox'], rleBox(mask));
  const expected = {
    id: instance.id,
    image_id: image.id,
    category_id: categories.numberOf(instance),
    iscrowd: 0,
    area,
    attributes: attributesOf(instance, queryIds),
  };
  for (const [key, value] of Object.entries(expected)) same(`${key} of ${name}`, found[key], value);
}

/** The mask that a reader gets from a segmentation. */
function maskOf(segmentation: unknown, { width, height }: ImageRecord): Rle {
  if (Array.isArray(segmentation)) return rasteriseCoco(segmentation as number[][], width, height);
  runsOf(segmentation as Rle);
  return segmentation as Rle;
}

/** Links that the project itself has wrong: to nothing, or to another image. */
function checkLinks({ query, links }: AskedQuery, owners: ImageTable, leftOut: ReadonlySet<number>) {
  for (const { instanceId } of links) {
    if (owners.of(instanceId) === query.imageId || leftOut.has(instanceId)) continue;
    throw new AppError('bad-project', `Query ${query.id} has instance ${instanceId}, which its image has not.`, {
      hint: hintCheck,
    });
  }
}

function checkQuery(found: Json, asked: AskedQuery, leftOut: ReadonlySet<number>): void {
  const { query, model } = asked;
  const links = writtenLinks(asked, leftOut);
  const ranks = links.map(({ rank }) => rank);
  const expected = {
    id: query.id,
    image_id: query.imageId,
    text: query.text,
    annotation_ids: links.map(({ instanceId }) => instanceId),
    ranks: ranks.some((rank) => rank !== null) ? ranks : undefined,
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
  for (const [key, value] of Object.entries(expected)) same(`${key} of query ${query.id}`, found[key], value);
}
