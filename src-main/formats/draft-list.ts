/**
 * @file The instances of a plan in little room: numbers in rows, texts of masks as bytes. As objects, the drafts of a
 * large file take twice the memory, and by surviving they make the engine reserve as much again for short-lived ones
 * (`npm run bench -- coco-import`).
 */
import type { InstanceDraft, InstanceDrafts } from '../contract/import.ts';
import { type Instance, sources } from '../contract/records.ts';

/** Numbers of a row: photo, height, width, area, box, category, score, source, and where the text is. */
const columns = 14;
const rowsPerBlock = 4096;
const bytesPerBlock = 1 << 20;
const noCategory = -1;
const none: Instance['attributes'] = {};

/** Keeps what is pushed; `at` and the iterator give equal drafts, made anew each time. */
export function draftList(): InstanceDrafts {
  const rows: Float64Array[] = [];
  const texts: Buffer[] = [];
  /** Few instances have attributes. */
  const attributes = new Map<number, Instance['attributes']>();
  let length = 0;
  let used = 0; // bytes of the last block of texts

  /** Puts the ASCII text of a mask behind the others; a long one gets a block of its own. */
  function keep(text: string): number {
    if (texts.length === 0 || used + text.length > texts.at(-1)!.length) {
      texts.push(Buffer.allocUnsafeSlow(Math.max(bytesPerBlock, text.length)));
      used = 0;
    }
    used += texts.at(-1)!.write(text, used, 'latin1');
    return used - text.length;
  }

  function push(draft: InstanceDraft): number {
    const { imageId, rle, area, bbox, category, score, source } = draft;
    if (length % rowsPerBlock === 0) rows.push(new Float64Array(columns * rowsPerBlock));
    const start = keep(rle.counts);
    const place = [...bbox, category ?? noCategory, score ?? Number.NaN, sources.indexOf(source)];
    rows
      .at(-1)!
      .set(
        [imageId, ...rle.size, area, ...place, texts.length - 1, start, rle.counts.length],
        columns * (length % rowsPerBlock),
      );
    if (Object.keys(draft.attributes).length > 0) attributes.set(length, draft.attributes);
    return ++length;
  }

  function at(place: number): InstanceDraft | undefined {
    const k = place < 0 ? length + place : place;
    const block = rows[Math.floor(k / rowsPerBlock)];
    if (!block || k >= length) return undefined;
    const from = columns * (k % rowsPerBlock);
    const n = (column: number) => block[from + column]!;
    const counts = texts[n(11)]!.toString('latin1', n(12), n(12) + n(13));
    return {
      imageId: n(0),
      rle: { size: [n(1), n(2)], counts },
      area: n(3),
      bbox: [n(4), n(5), n(6), n(7)],
      category: n(8) === noCategory ? null : n(8),
      score: Number.isNaN(n(9)) ? null : n(9),
      source: sources[n(10)]!,
      attributes: attributes.get(k) ?? none,
    };
  }

  return {
    get length() {
      return length;
    },
    push,
    at,
    *[Symbol.iterator]() {
      for (let k = 0; k < length; k++) yield at(k)!;
    },
  };
}
