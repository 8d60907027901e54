/** @file An SA-Co file read back as its evaluator does, by pairs, and compared with the project. */
import { runsBox } from '../../contract/rle.ts';
import { differs, same } from '../export/compare.ts';
import { type ExportContext, eachAnswered } from '../export/context.ts';
import { withJson } from '../export/json-cursor.ts';
import { sameMask } from '../export/same-mask.ts';
import { queriedCategory } from './write.ts';

/** @throws AppError internal at the first difference. */
export async function checkSaCo(context: ExportContext, file: string): Promise<void> {
  const { counts } = context;
  const found = { annotations: 0, queries: 0 };
  await withJson(file, context.options.signal, async (json) => {
    await json.value('info');
    await json.begins('licenses');
    await json.begins('images');
    for await (const { image, fileName, answers } of eachAnswered(context, 'check', 0, 2)) {
      for (const answer of answers) {
        const { query } = answer;
        found.queries++;
        same(`pair ${query.id}`, await json.element('images', `pair ${query.id}`), {
          id: query.id,
          file_name: fileName,
          text_input: query.text,
          width: image.width,
          height: image.height,
          queried_category: queriedCategory(answer, context),
          is_instance_exhaustive: Number(query.exhaustive),
          is_pixel_exhaustive: Number(query.exhaustive),
          original_image_id: image.id,
          query_form: query.form,
        });
      }
    }
    await json.begins('annotations');
    for await (const { image, answers } of eachAnswered(context, 'check', 1, 2)) {
      for (const { query, instances } of answers) {
        for (const selected of instances) {
          found.annotations++;
          const name = `annotation ${found.annotations}`;
          const row = await json.element('annotations', name);
          same(`the pair of ${name}`, [row['id'], row['image_id']], [found.annotations, query.id]);
          same(`the instance of ${name}`, row['instance_id'], selected.instance.id);
          sameMask(name, row['segmentation'], selected, image);
          const share = Number(row['area']) * image.width * image.height;
          if (Math.round(share) !== selected.area) throw differs(`the area of ${name} is ${share}`);
          const box = (row['bbox'] as number[]).map((v, k) =>
            Math.round(v * (k % 2 === 0 ? image.width : image.height)),
          );
          same(`the box of ${name}`, box, runsBox(selected.runs, image.height));
        }
      }
    }
    await json.begins('categories');
    same('the category', await json.element('categories', 'the category'), {
      id: 1,
      name: 'object',
      supercategory: '',
    });
    await json.ends();
  });
  same('the counts', { annotations: counts.annotations, queries: counts.queries }, found);
}
