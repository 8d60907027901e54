/** @file A small COCO file to choose images of: who is on which image is written as `cup*3 dog`. */
import { selectionFilterSchema } from '../../src-main/contract/selection.ts';
import { createIndex, type SelectIndex } from '../../src-main/dataset/select-index.ts';

const supercategories: Record<string, string> = { cup: 'kitchen', fork: 'kitchen', dog: 'animal', cat: 'animal' };

type Annotation = {
  id: number;
  image_id: number;
  category_id: number;
  bbox: number[];
  area: number;
  iscrowd: 0 | 1;
  segmentation: number[][];
};

/** Images of 100 x 80 pixels; instances of 10 x 10 in a row, side by side with a gap. Ids of images count from 11. */
export function cocoOf(images: readonly string[]) {
  const names = [...new Set(images.flatMap((text) => text.split(' ').map((part) => part.replace(/[*!].*/, ''))))];
  const annotations: Annotation[] = [];
  for (const [k, text] of images.entries()) {
    let x = 0;
    for (const part of text.split(' ')) {
      const [, name = '', count = '1', crowd = ''] = /^(\w+)(?:\*(\d+))?(!?)$/.exec(part) ?? [];
      for (let i = 0; i < Number(count); i++, x += 12) {
        annotations.push({
          id: annotations.length + 1,
          image_id: 11 + k,
          category_id: 101 + names.indexOf(name),
          bbox: [x, 0, 10, 10],
          area: 100,
          iscrowd: crowd === '' ? 0 : 1,
          segmentation: [[x, 0, x + 10, 0, x + 10, 10, x, 10]],
        });
      }
    }
  }
  return {
    // As the files of COCO 2017: annotations before categories.
    images: images.map((_, k) => ({ id: 11 + k, file_name: `${k}.png`, width: 100, height: 80 })),
    annotations,
    categories: names.map((name, k) => ({ id: 101 + k, name, supercategory: supercategories[name] ?? 'other' })),
  };
}

export type SomeCoco = {
  images?: readonly unknown[];
  annotations?: readonly unknown[];
  categories?: readonly unknown[];
};

export function indexOf({ images = [], annotations = [], categories = [] }: SomeCoco): SelectIndex {
  const builder = createIndex(() => null);
  for (const each of images) builder.image(each);
  for (const each of annotations) builder.annotation(each);
  for (const each of categories) builder.category(each);
  return builder.finish();
}

export const filterOf = (filter: Parameters<typeof selectionFilterSchema.parse>[0] = {}) =>
  selectionFilterSchema.parse(filter);

export const undecided = () => 'undecided' as const;
