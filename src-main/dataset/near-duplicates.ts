/**
 * @file Photos that show the same: a difference hash of each, and groups of those that differ in few bits. It knows a
 * photo that was saved again, made smaller or a little brighter; not one that was mirrored, turned or cropped much.
 */

/** Pixels of the reduced photo: eight differences in each of eight rows. */
export const hashGrid = { width: 9, height: 8 } as const;

/** Different bits of 64 up to which two photos count as nearly the same. */
export const nearDuplicateBits = 6;
export const maxNearDuplicateBits = 16;

/**
 * The difference hash (N. Krawetz, "Kind of Like That", 2013): bit by bit whether a pixel is brighter than the one at its
 * right, row by row, as 16 hex digits.
 * @param rgb the upright photo at 9 x 8 pixels, three bytes each.
 */
export function differenceHash(rgb: Uint8Array): string {
  const { width, height } = hashGrid;
  const luma = (pixel: number) => 299 * rgb[3 * pixel]! + 587 * rgb[3 * pixel + 1]! + 114 * rgb[3 * pixel + 2]!;
  let hash = '';
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x + 1 < width; x++) row = (row << 1) | Number(luma(y * width + x) > luma(y * width + x + 1));
    hash += row.toString(16).padStart(2, '0');
  }
  return hash;
}

/** Number of bits in which two hashes differ, 0 to 64. */
export const hammingDistance = (a: string, b: string): number => distance(wordsOf(a), wordsOf(b));

export type Photo = {
  /** SHA-256 of the file. */
  readonly contentHash: string;
  /** Null for one that could not be read. */
  readonly differenceHash: string | null;
};

/**
 * Groups of photos that are the same file or near one another, each photo in one group; near is passed on, so that the
 * ends of a chain are together. Answers the group of each photo, numbered from 0 in the order of first sight.
 * @param bits 0 to 64; null groups equal files only.
 */
export function groupPhotos(photos: readonly Photo[], bits: number | null): number[] {
  const parent = photos.map((_, k) => k);
  const find = (k: number): number => {
    let root = k;
    while (parent[root] !== root) root = parent[root]!;
    for (let at = k; at !== root; ) [at, parent[at]] = [parent[at]!, root];
    return root;
  };
  const join = (a: number, b: number) => {
    const [low, high] = [find(a), find(b)].sort((x, y) => x - y) as [number, number];
    parent[high] = low;
  };
  for (const same of Map.groupBy(photos.keys(), (k) => photos[k]!.contentHash).values()) {
    for (const k of same.slice(1)) join(same[0]!, k);
  }
  if (bits !== null) for (const [a, b] of nearPairs(photos, bits)) join(a, b);
  const numbers = new Map<number, number>();
  return photos.map((_, k) => {
    const root = find(k);
    const number = numbers.get(root) ?? numbers.size;
    numbers.set(root, number);
    return number;
  });
}

/**
 * Pairs at most `bits` apart. Two hashes that differ in n bits agree in one of n + 1 parts of them: only photos that
 * share a part are compared.
 */
function* nearPairs(photos: readonly Photo[], bits: number): Generator<[number, number]> {
  const known = photos.flatMap(({ differenceHash: hash }, k) =>
    hash === null ? [] : [{ k, hash, words: wordsOf(hash) }],
  );
  const parts = Math.min(64, bits + 1);
  for (let part = 0; part < parts; part++) {
    const [from, to] = [Math.floor((64 * part) / parts), Math.floor((64 * (part + 1)) / parts)];
    for (const bucket of Map.groupBy(known, ({ words }) => bitsOf(words, from, to)).values()) {
      for (const [at, a] of bucket.entries()) {
        for (let next = at + 1; next < bucket.length; next++) {
          const b = bucket[next]!;
          if (distance(a.words, b.words) <= bits) yield [a.k, b.k];
        }
      }
    }
  }
}

type Words = readonly [number, number];

const wordsOf = (hash: string): Words => [Number.parseInt(hash.slice(0, 8), 16), Number.parseInt(hash.slice(8), 16)];

const distance = (a: Words, b: Words): number => ones(a[0] ^ b[0]) + ones(a[1] ^ b[1]);

/** Bits `from` to `to` of the hash as text, the highest first. */
function bitsOf([high, low]: Words, from: number, to: number): string {
  let text = '';
  for (let k = from; k < to; k++) text += (k < 32 ? high >>> (31 - k) : low >>> (63 - k)) & 1;
  return text;
}

function ones(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
