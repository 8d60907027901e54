/** @file Which image an annotation belongs to, for all of a project: eight bytes an annotation instead of an entry of a map. */

export type ImageTable = {
  /** The image of the annotation; 0 for one that is not known. */
  of(annotation: number): number;
  put(annotation: number, image: number): void;
};

/** Ids of annotations are whole numbers from 1 that follow each other closely. */
const perBlock = 4096;

export function imageTable(): ImageTable {
  const blocks = new Map<number, Float64Array>();
  return {
    of: (annotation) => blocks.get(Math.floor(annotation / perBlock))?.[annotation % perBlock] ?? 0,
    put(annotation, image) {
      const key = Math.floor(annotation / perBlock);
      const block = blocks.get(key) ?? new Float64Array(perBlock);
      blocks.set(key, block);
      block[annotation % perBlock] = image;
    },
  };
}
