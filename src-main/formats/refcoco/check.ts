/** @file RefCOCO files read back as their loaders do, and compared with the project. */
import { join } from 'node:path';
import { runsBox } from '../../contract/rle.ts';
import { differs, same } from '../export/compare.ts';
import { type Answer, type ExportContext, eachAnswered, type ImageAnswers } from '../export/context.ts';
import { type Json, withJson } from '../export/json-cursor.ts';
import { sameMask } from '../export/same-mask.ts';
import { unpickledList } from './pickle.ts';
import { sentenceGroups } from './refs.ts';
import { refFiles } from './write.ts';

const rounds = 3;

/** @throws AppError internal at the first difference. */
export async function checkRefCoco(context: ExportContext, folder: string): Promise<void> {
  await checkInstances(context, join(folder, refFiles.instances));
  const singles = unpickledList(join(folder, refFiles.single));
  let queries = 0;
  await withJson(
    join(folder, refFiles.group),
    context.options.signal,
    async (json) => {
      await json.begins(refFiles.group);
      for await (const answered of eachAnswered(context, 'check', 2, rounds)) {
        for (const group of sentenceGroups(answered)) {
          queries += group.length;
          const name = `the reference of query ${group[0]!.query.id}`;
          const ids = group[0]!.links.map(({ instanceId }) => instanceId);
          const reference = await json.element(refFiles.group, name);
          checkReference(reference, answered, group);
          same(`the answer of ${name}`, reference['ann_id'], ids.length === 0 ? [-1] : ids);
          same(`whether ${name} has one`, reference['no_target'], ids.length === 0);
          if (ids.length !== 1) continue;
          const single = (await singles.next()).value as Json | undefined;
          if (!single) throw differs(`${name} is missing in the pickle`);
          checkReference(single, answered, group);
          same(`the instance of ${name}`, single['ann_id'], ids[0]);
        }
      }
      await json.ends();
      if (!(await singles.next()).done) throw differs('the pickle has more than the project');
    },
    refFiles.group,
  ).finally(() => singles.return(undefined));
  same('the counts', context.counts.queries, queries);
}

function checkReference(reference: Json, { image, fileName, split }: ImageAnswers, group: readonly Answer[]): void {
  const ids = group.map(({ query: { id } }) => id);
  const name = `the reference of query ${ids[0]}`;
  same(`the image of ${name}`, [reference['image_id'], reference['file_name']], [image.id, fileName]);
  same(`the split of ${name}`, reference['split'], split);
  same(`the queries of ${name}`, reference['sent_ids'], ids);
  const sentences = reference['sentences'] as { sent_id: number; sent: string; raw: string }[];
  const found = sentences.map(({ sent_id, sent, raw }) => [sent_id, sent, raw]);
  const texts = group.map(({ query: { id, text } }) => [id, text, text]);
  same(`the texts of ${name}`, found, texts);
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
