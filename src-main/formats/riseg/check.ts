/** @file A RISeg file read back and compared with the project: every image, mask, category and query. */
import { runsBox } from '../../contract/rle.ts';
import { same } from '../export/compare.ts';
import { type ExportContext, eachAnswered, type ImageAnswers } from '../export/context.ts';
import { type Json, withJson } from '../export/json-cursor.ts';
import { sameMask } from '../export/same-mask.ts';
import { risegCategory } from './write.ts';

const rounds = 3;

/** @throws AppError internal at the first difference. */
export async function checkRiseg(context: ExportContext, file: string): Promise<void> {
  const { categories, counts } = context;
  const found = { images: 0, annotations: 0, queries: 0 };
  await withJson(file, context.options.signal, async (json) => {
    await json.value('info');
    await json.begins('licenses');
    await json.begins('images');
    for await (const { image, fileName } of asked(0)) {
      const { id, width, height } = image;
      found.images++;
      same(`image ${id}`, await json.element('images', `image ${id}`), { id, file_name: fileName, width, height });
    }
    await json.begins('annotations');
    for await (const { image, instances } of asked(1)) {
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
        sameMask(name, segmentation, selected, image);
      }
    }
    await json.begins('categories');
    for (const category of [...categories.list, categories.fallback].slice(0, counts.categories)) {
      same(`category ${category.id}`, await json.element('categories', 'a category'), risegCategory(category));
    }
    await json.begins('queries');
    for await (const { answers } of asked(2)) {
      for (const { query, links } of answers) {
        found.queries++;
        const row = await json.element('queries', `query ${query.id}`);
        sameQuery(row, query.id, {
          id: query.id,
          image_id: query.imageId,
          text: query.text,
          form: query.form,
          reasoning_type: query.reasoningType,
          annotation_ids: links.map(({ instanceId }) => instanceId),
          no_target: query.noTarget,
          exhaustive: query.exhaustive,
        });
        const ranks = links.map(({ rank }) => rank);
        same(`ranks of query ${query.id}`, row['ranks'] ?? ranks.map(() => null), ranks);
      }
    }
    await json.ends();
  });
  const { images, annotations, queries } = counts;
  same('the counts', { images, annotations, queries }, found);

  async function* asked(round: number): AsyncGenerator<ImageAnswers> {
    for await (const answered of eachAnswered(context, 'check', round, rounds)) {
      if (answered.answers.length > 0) yield answered;
    }
  }
}

function sameQuery(row: Json, id: number, expected: Json): void {
  for (const [key, value] of Object.entries(expected)) same(`${key} of query ${id}`, row[key], value);
}
