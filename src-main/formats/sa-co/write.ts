/**
 * @file SA-Co/Gold (facebookresearch/sam3, scripts/eval/gold): COCO in which an "image" is a pair of a photo and a text.
 * Boxes and areas are shares of the image, all masks are RLE, there is one category. Pairs without annotations are
 * negatives. Keys beyond those (`original_image_id`, `instance_id`, `query_form`) tell what belongs together.
 */
import type { Instance } from '../../contract/records.ts';
import { rleOf, runsBox } from '../../contract/rle.ts';
import { type Answer, type ExportContext, eachAnswered, loseOfImage } from '../export/context.ts';
import { writeList } from '../export/json-lists.ts';
import { loseOfInstance, loseOfQuery } from '../export/losses.ts';
import type { Append } from '../replace-file.ts';

export async function writeSaCo(context: ExportContext, append: Append): Promise<void> {
  const { source, counts, losses, fidelity } = context;
  const info = { description: source.description, url: '', version: '1.0', contributor: '', date_created: '' };
  await append(`{"info":${JSON.stringify(info)},\n"licenses":[]`);
  await writeList(append, 'images', pairs());
  await writeList(append, 'annotations', annotations());
  await writeList(append, 'categories', [{ id: 1, name: 'object', supercategory: '' }]);
  await append('}\n');
  counts.categories = 1;

  async function* pairs() {
    for await (const answered of eachAnswered(context, 'write', 0, 2)) {
      if (!loseOfImage(context, answered)) continue;
      counts.images++;
      for (const answer of answered.answers) {
        loseOfQuery(losses, answer, { exhaustive: true, form: true });
        counts.queries++;
        yield toPair(answer, answered.image, answered.fileName, queriedCategory(answer, context));
      }
    }
  }

  async function* annotations() {
    for await (const { image, answers } of eachAnswered(context, 'write', 1, 2)) {
      const seen = new Set<number>();
      for (const { query, instances } of answers) {
        for (const { instance, runs, area } of instances) {
          if (seen.has(instance.id)) losses.add('repeated');
          else loseOfInstance(losses, instance, false);
          seen.add(instance.id);
          fidelity.add(1); // the check compares every one
          const [x, y, w, h] = runsBox(runs, image.height);
          yield {
            id: ++counts.annotations,
            image_id: query.id,
            source: sourceOf(instance),
            area: area / (image.width * image.height),
            bbox: [x / image.width, y / image.height, w / image.width, h / image.height],
            segmentation: rleOf(runs, image.height, image.width),
            category_id: 1,
            iscrowd: 0,
            instance_id: instance.id,
          };
        }
      }
    }
  }
}

type Size = { readonly id: number; readonly width: number; readonly height: number };

const toPair = ({ query }: Answer, image: Size, fileName: string, category: string) => ({
  id: query.id,
  file_name: fileName,
  text_input: query.text,
  width: image.width,
  height: image.height,
  queried_category: category,
  is_instance_exhaustive: query.exhaustive ? 1 : 0,
  is_pixel_exhaustive: query.exhaustive ? 1 : 0,
  original_image_id: image.id,
  query_form: query.form,
});

/** Readers make a number of it: that of the category that all instances share, else 0. */
export function queriedCategory({ instances }: Answer, { categories }: ExportContext): string {
  const numbers = new Set(instances.map(({ instance }) => categories.numberOf(instance)));
  return String(numbers.size === 1 ? [...numbers][0] : 0);
}

const sourceOf = ({ source }: Instance) => (source === 'human' ? 'manual' : source);
