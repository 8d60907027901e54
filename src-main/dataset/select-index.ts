/**
 * @file What is on the images of a COCO file, small enough to be asked again and again: classes, boxes and sizes in
 * columns, no masks. It is fed element by element, in whatever order the file has its sections.
 */
import { columns } from './select-columns.ts';
import { groupsOf } from './select-groups.ts';

/** As the file has it: a number, or a text. */
export type FileId = string | number;

export type IndexedCategory = { readonly id: FileId; readonly name: string; readonly supercategory: string };

/** The instances of one class on one image. */
export type Group = {
  readonly category: number;
  /** Instances, without regions marked as crowds. */
  readonly count: number;
  /** Share of the image of the smallest and of the largest one; 0 without instances. */
  readonly minShare: number;
  readonly maxShare: number;
  /** Largest intersection over union of two of their boxes. */
  readonly overlap: number;
  /** Boxes of other instances, of any class, that one of them touches, on average. */
  readonly crowding: number;
  /** There is a region marked as a crowd. */
  readonly crowd: boolean;
};

export type IndexedImage = {
  readonly id: FileId;
  readonly fileName: string;
  readonly width: number;
  readonly height: number;
  /** Its annotations are `first` to before `last` in the columns. */
  readonly first: number;
  readonly last: number;
  /** In the order of the categories. */
  readonly groups: readonly Group[];
};

export type SelectIndex = {
  readonly categories: readonly IndexedCategory[];
  readonly images: readonly IndexedImage[];
  /** One entry an annotation, image after image. */
  readonly category: Int32Array;
  readonly crowd: Uint8Array;
  /** Four entries an annotation. */
  readonly boxes: Float32Array;
  readonly instances: number;
  /** Entries of the file that cannot be used, by what is wrong with them. */
  readonly skipped: Readonly<Record<string, number>>;
};

export type IndexBuilder = {
  image(value: unknown): void;
  category(value: unknown): void;
  annotation(value: unknown): void;
  finish(): SelectIndex;
};

type Json = Readonly<Record<string, unknown>>;
type Image = Omit<IndexedImage, 'first' | 'last' | 'groups'>;

const isId = (value: unknown): value is FileId =>
  typeof value === 'string' ? value !== '' : typeof value === 'number' && Number.isFinite(value);
const isSide = (value: unknown): value is number => Number.isInteger(value) && (value as number) > 0;

/**
 * @param boxOf finds the box of a segmentation, for annotations without one; null where there is none.
 */
export function createIndex(boxOf: (annotation: Json) => readonly number[] | null): IndexBuilder {
  const images = new Map<string, Image>();
  const categories = new Map<string, IndexedCategory>();
  const annotations = new Set<string>();
  const rows = columns();
  const skipped: Record<string, number> = {};
  const skip = (why: string) => {
    skipped[why] = (skipped[why] ?? 0) + 1;
  };
  /** Ids are compared as texts: files mix 17 and "17". */
  const take = <T>(map: Map<string, T>, id: FileId, value: T, what: string) => {
    if (map.has(String(id))) skip(`${what} that is there twice`);
    else map.set(String(id), value);
  };

  return {
    image(value) {
      const { id, file_name, coco_url, width, height } = (value ?? {}) as Json;
      const name = [file_name, coco_url].find((each) => typeof each === 'string') ?? '';
      if (!isId(id) || !isSide(width) || !isSide(height) || name === '') skip('image that cannot be read');
      else take(images, id, { id, fileName: name, width, height }, 'image');
    },
    category(value) {
      const { id, name, supercategory } = (value ?? {}) as Json;
      if (!isId(id) || typeof name !== 'string' || name === '') skip('category that cannot be read');
      else {
        const above = typeof supercategory === 'string' ? supercategory : '';
        take(categories, id, { id, name, supercategory: above }, 'category');
      }
    },
    annotation(value) {
      const annotation = (value ?? {}) as Json;
      const { id, image_id, category_id, iscrowd, area } = annotation;
      if (!isId(image_id)) return skip('annotation of no image');
      if (!isId(category_id)) return skip('annotation without a class');
      if (isId(id)) {
        if (annotations.has(String(id))) return skip('annotation that is there twice');
        annotations.add(String(id));
      }
      const box = isBox(annotation['bbox']) ? annotation['bbox'] : boxOf(annotation);
      if (!box || box[2]! <= 0 || box[3]! <= 0) return skip('annotation without a shape');
      const pixels = typeof area === 'number' && area > 0 ? area : box[2]! * box[3]!;
      rows.add(String(image_id), String(category_id), box, pixels, Number(Boolean(iscrowd)));
    },
    finish() {
      const list = [...categories.values()];
      const placeOfCategory = new Map([...categories.keys()].map((key, place) => [key, place]));
      const placeOfImage = new Map([...images.keys()].map((key, place) => [key, place]));
      const { starts, unknownImage, unknownCategory, ...sorted } = rows.sorted(placeOfImage, placeOfCategory);
      if (unknownImage > 0) skipped['annotation of an image that is not there'] = unknownImage;
      if (unknownCategory > 0) skipped['annotation of a class that is not there'] = unknownCategory;
      const indexed = [...images.values()].map((image, k): IndexedImage => {
        const [first, last] = [starts[k]!, starts[k + 1]!];
        return { ...image, first, last, groups: groupsOf(sorted, first, last, image.width * image.height) };
      });
      const { category, crowd, boxes } = sorted;
      const instances = crowd.reduce((sum, isCrowd) => sum + 1 - isCrowd, 0);
      return { categories: list, images: indexed, category, crowd, boxes, instances, skipped };
    },
  };
}

const isBox = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.length === 4 && value.every((each) => Number.isFinite(each));
