/**
 * @file RISeg as the paper describes it (section 5): images of COCO, each with reasoning queries, each query with the
 * instance masks of its answer. The data set was never published, so the form is ours: a COCO file that holds only what
 * is asked for, with the queries beside it. docs/formats.md says what was chosen.
 */
import { runsBox } from '../../contract/rle.ts';
import { toSegmentation } from '../coco/segmentation.ts';
import type { CocoCategory } from '../coco/selection.ts';
import { type Answer, type ExportContext, eachAnswered, loseOfImage } from '../export/context.ts';
import { writeList } from '../export/json-lists.ts';
import { loseOfInstance, loseOfQuery } from '../export/losses.ts';
import type { Append } from '../replace-file.ts';
import { risegGroupOf } from './groups.ts';

const rounds = 3;

export async function writeRiseg(context: ExportContext, append: Append): Promise<void> {
  const { source, options, categories, counts, losses } = context;
  let withoutCategory = false;
  const info = {
    description: source.description,
    format: 'RISeg-style, after arXiv 2511.06651 section 5',
    url: '',
    version: '1.0',
    contributor: '',
    date_created: '',
  };
  await append(`{"info":${JSON.stringify(info)},\n"licenses":[]`);
  await writeList(append, 'images', images());
  await writeList(append, 'annotations', annotations());
  await writeList(append, 'categories', used());
  await writeList(append, 'queries', queries());
  await append('}\n');

  async function* images() {
    for await (const answered of eachAnswered(context, 'write', 0, rounds)) {
      if (!loseOfImage(context, answered)) continue;
      const { id, width, height } = answered.image;
      counts.images++;
      yield { id, file_name: answered.fileName, width, height };
    }
  }

  async function* annotations() {
    for await (const { image, instances } of eachAnswered(context, 'write', 1, rounds)) {
      for (const { instance, runs, area, queryIds } of instances) {
        if (queryIds.length === 0) continue;
        withoutCategory ||= instance.categoryId === null;
        loseOfInstance(losses, instance, true);
        counts.annotations++;
        context.fidelity.add(1); // the check compares every one
        yield {
          id: instance.id,
          image_id: image.id,
          category_id: categories.numberOf(instance),
          iscrowd: 0,
          area,
          bbox: runsBox(runs, image.height),
          segmentation: toSegmentation(runs, image.height, image.width, options.segmentation ?? 'auto'),
        };
      }
    }
  }

  function* used() {
    const { list, fallback } = categories;
    const all = withoutCategory && !list.includes(fallback) ? [...list, fallback] : list;
    counts.categories = all.length;
    yield* all.map(risegCategory);
  }

  async function* queries() {
    for await (const { answers } of eachAnswered(context, 'write', 2, rounds)) {
      for (const answer of answers) {
        loseOfQuery(losses, answer, { ranks: true, exhaustive: true, form: true, reasoning: true });
        counts.queries++;
        yield risegQuery(answer, answers);
      }
    }
  }
}

export const risegCategory = (category: CocoCategory) => ({ ...category, group: risegGroupOf(category.supercategory) });

/**
 * A query with its answer. `paraphrases` are the other queries of the image that have the same instances: the short and
 * the long form of one question, for one.
 */
export function risegQuery(answer: Answer, answers: readonly Answer[]) {
  const { query, links } = answer;
  const ids = links.map(({ instanceId }) => instanceId);
  const key = sortedKey(answer);
  const same = answers.filter((other) => other !== answer && ids.length > 0 && sortedKey(other) === key);
  return {
    id: query.id,
    image_id: query.imageId,
    text: query.text,
    form: query.form,
    reasoning_type: query.reasoningType,
    annotation_ids: ids,
    ...(links.some(({ rank }) => rank !== null) ? { ranks: links.map(({ rank }) => rank) } : {}),
    no_target: query.noTarget,
    exhaustive: query.exhaustive,
    paraphrases: same.map(({ query: { id } }) => id),
  };
}

const sortedKey = ({ links }: Answer): string =>
  links
    .map(({ instanceId }) => instanceId)
    .sort((a, b) => a - b)
    .join();
