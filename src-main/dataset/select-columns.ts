/** @file Annotations in columns that grow while a file is read, and then are put in the order of the images. */

export type Columns = {
  readonly category: Int32Array;
  readonly crowd: Uint8Array;
  /** Four entries an annotation: x, y, width, height. */
  readonly boxes: Float32Array;
  readonly area: Float32Array;
};

/** `starts[k]` to before `starts[k + 1]` are the annotations of image k. */
export type Sorted = Columns & {
  readonly starts: Int32Array;
  readonly unknownImage: number;
  readonly unknownCategory: number;
};

export type ColumnsBuilder = {
  add(image: string, category: string, box: readonly number[], area: number, crowd: number): void;
  /** @param images @param categories places of those that the file has. */
  sorted(images: ReadonlyMap<string, number>, categories: ReadonlyMap<string, number>): Sorted;
};

/** A number for every text, in the order of their first appearance. */
function numbering() {
  const numbers = new Map<string, number>();
  return {
    numberOf(text: string): number {
      const known = numbers.get(text);
      if (known !== undefined) return known;
      numbers.set(text, numbers.size);
      return numbers.size - 1;
    },
    /** The place of each number; -1 where there is none. */
    places: (known: ReadonlyMap<string, number>) => Int32Array.from(numbers.keys(), (text) => known.get(text) ?? -1),
  };
}

const grown = <T extends Int32Array | Float32Array | Uint8Array>(old: T, empty: T): T => {
  empty.set(old);
  return empty;
};

export function columns(): ColumnsBuilder {
  const images = numbering();
  const categories = numbering();
  let size = 0;
  let image = new Int32Array(1024);
  let category = new Int32Array(1024);
  let crowd = new Uint8Array(1024);
  let area = new Float32Array(1024);
  let boxes = new Float32Array(4096);
  return {
    add(imageId, categoryId, box, pixels, isCrowd) {
      if (size === image.length) {
        const next = 2 * size;
        image = grown(image, new Int32Array(next));
        category = grown(category, new Int32Array(next));
        crowd = grown(crowd, new Uint8Array(next));
        area = grown(area, new Float32Array(next));
        boxes = grown(boxes, new Float32Array(4 * next));
      }
      image[size] = images.numberOf(imageId);
      category[size] = categories.numberOf(categoryId);
      crowd[size] = isCrowd;
      area[size] = pixels;
      boxes.set(box, 4 * size);
      size += 1;
    },
    sorted(knownImages, knownCategories) {
      const imagePlaces = images.places(knownImages);
      const categoryPlaces = categories.places(knownCategories);
      const starts = new Int32Array(knownImages.size + 1);
      let [unknownImage, unknownCategory] = [0, 0];
      for (let i = 0; i < size; i++) {
        const [place, kind] = [imagePlaces[image[i]!]!, categoryPlaces[category[i]!]!];
        if (place < 0) unknownImage += 1;
        else if (kind < 0) unknownCategory += 1;
        if (place < 0 || kind < 0) image[i] = -1;
        else {
          image[i] = place;
          starts[place + 1]! += 1;
        }
      }
      for (let k = 1; k < starts.length; k++) starts[k]! += starts[k - 1]!;
      const total = starts[starts.length - 1]!;
      const out = {
        category: new Int32Array(total),
        crowd: new Uint8Array(total),
        area: new Float32Array(total),
        boxes: new Float32Array(4 * total),
      };
      const next = starts.slice();
      for (let i = 0; i < size; i++) {
        if (image[i]! < 0) continue;
        const to = next[image[i]!]!++;
        out.category[to] = categoryPlaces[category[i]!]!;
        out.crowd[to] = crowd[i]!;
        out.area[to] = area[i]!;
        out.boxes.set(boxes.subarray(4 * i, 4 * i + 4), 4 * to);
      }
      return { ...out, starts, unknownImage, unknownCategory };
    },
  };
}
