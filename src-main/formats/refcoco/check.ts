/** @file RefCOCO files read back as their loaders do, and compared with the project. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runsBox } from '../../contract/rle.ts';
import { differs, same } from '../export/compare.ts';
import { type ExportContext, eachAnswered, type ImageAnswers } from '../export/context.ts';
import { type Json, withJson } from '../export/json-cursor.ts';
import { sameMask } from '../export/same-mask.ts';
import { unpickle } from './pickle.ts';
import { refFiles } from './write.ts';

const rounds = 3;

/** @throws AppError internal at the first difference. */
export async function checkRefCoco(context: ExportContext, folder: string): Promise<void> {
  await checkInstances(context, join(folder, refFiles.instances));
  // The references are as many as the queries, and as small: they fit.
  const group = JSON.parse(await readFile(join(folder, refFiles.group), 'utf8')) as Json[];
  const single = unpickle(await readFile(join(folder, refFiles.single))) as Json[];
  const byQuery = new Map<number, Json>();
  for (const reference of group) for (const id of reference['sent_ids'] as number[]) byQuery.set(id, reference);
  const singleByQuery = new Map<number, Json>();
  for (const reference of single) for (const id of reference['sent_ids'] as number[]) singleByQuery.set(id, reference);
  let queries = 0;
  let ones = 0;
  for await (const answered of eachAnswered(context, 'check', 2, rounds)) {
    for (const { query, links } of answered.answers) {
      queries++;
      const ids = links.map(({ instanceId }) => instanceId);
      const reference = byQuery.get(query.id);
      if (!reference) throw differs(`the reference of query ${query.id} is missing`);
      checkReference(reference, answered, query.id, query.text);
      same(`the answer of query ${query.id}`, reference['ann_id'], ids.length === 0 ? [-1] : ids);
      same(`whether query ${query.id} has one`, reference['no_target'], ids.length === 0);
      if (ids.length !== 1) continue;
      ones++;
      const one = singleByQuery.get(query.id);
      if (!one) throw differs(`query ${query.id} is missing in the pickle`);
      checkReference(one, answered, query.id, query.text);
      same(`the instance of query ${query.id}`, one['ann_id'], ids[0]);
    }
  }
  same('the counts', [context.counts.queries, byQuery.size, singleByQuery.size], [queries, queries, ones]);
}

function checkReference(reference: Json, { image, fileName, split }: ImageAnswers, id: number, text: string): void {
  same(`the image of query ${id}`, [reference['image_id'], reference['file_name']], [image.id, fileName]);
  same(`the split of query ${id}`, reference['split'], split);
  const sentences = reference['sentences'] as { sent_id: number; sent: string; raw: string }[];
  const sentence = sentences.find(({ sent_id }) => sent_id === id);
  same(`the text of query ${id}`, [sentence?.sent, sentence?.raw], [text, text]);
}

async function checkInstances(context: ExportContext, file: string): Promise<void> {
  const { categories, counts } = context;
  const found = { images: 0, annotations: 0 };
  await withJson(file, context.options.signal, async (json) => {
    await json.value('info');
    await json.begins('licenses');
    await json.begins('images');
    for await (const { image, fileName, answers } of eachAnswered(context, 'check', 0, rounds)) {
      if (answers.length === 0) continue;
      const { id, width, height } = image;
      found.images++;
      same(`image ${id}`, await json.element('images', `image ${id}`), { id, file_name: fileName, width, height });
    }
    await json.begins('annotations');
    for await (const { image, instances } of eachAnswered(context, 'check', 1, rounds)) {
      for (const selected of instances.filter(({ queryIds }) => queryIds.length > 0)) {
        const { instance, runs, area } = selected;
        const name = `annotation ${instance.id}`;
        const { segmentation, ...rest } = await json.element('annotations', name);
        found.annotations++;
        same(name, rest, {
          id: instance.id,
          image_id: image.id,
          category_id: categories.numberOf(instance),
          iscrowd: 0,
          area,
          bbox: runsBox(runs, image.height),
        });
        const list = segmentation as unknown[];
        sameMask(name, Array.isArray(list[0]) ? list : list[0], selected, image);
      }
    }
    await json.begins('categories');
    for (const category of [...categories.list, categories.fallback].slice(0, counts.categories)) {
      same(`category ${category.id}`, await json.element('categories', 'a category'), category);
    }
    await json.ends();
  });
  same('the counts', { images: counts.images, annotations: counts.annotations }, found);
}
