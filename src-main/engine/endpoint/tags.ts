/**
 * @file Answers in tags and location tokens: Molmo points, InternVL and MiniCPM boxes, Qwen2-VL brackets, PaliGemma and
 * Florence-2 bins. One pass over the tags of the text; linear in its length.
 */
import type { RawPoint, RawRegion } from './coordinates.ts';

const tag = /<([^<>]*)>/g;
// Bounded repeats keep a long run of letters or digits from being scanned once for each of its characters.
const attribute = /([a-z_]{1,20})(\d{0,4})\s{0,4}=\s{0,4}["']([^"']*)["']/g;
const numbers = /-?\d{1,9}(?:\.\d{1,12})?/g;
const corners =
  /\(\s{0,4}(-?\d{1,6}(?:\.\d{1,9})?)\s{0,4},\s{0,4}(-?\d{1,6}(?:\.\d{1,9})?)\s{0,4}\)\s{0,4},?\s{0,4}\(\s{0,4}(-?\d{1,6}(?:\.\d{1,9})?)\s{0,4},\s{0,4}(-?\d{1,6}(?:\.\d{1,9})?)\s{0,4}\)/g;
const boxTags = new Set(['box', 'bbox', '|box_start|']);
const refTags = new Set(['ref', '|object_ref_start|']);

function readNumbers(text: string): number[] {
  return Array.from(text.matchAll(numbers), ([digits]) => Number(digits));
}

function groups(values: readonly number[], size: number): number[][] {
  const out: number[][] = [];
  for (let i = 0; i + size <= values.length; i += size) out.push(values.slice(i, i + size));
  return out;
}

const withLabel = (label: string | undefined) => (label ? { label } : {});
const boxRegion = (v: readonly number[], label?: string): RawRegion => ({
  box: { values: [v[0]!, v[1]!, v[2]!, v[3]!] },
  ...withLabel(label),
});
const pointRegion = (point: RawPoint, label?: string): RawRegion => ({ points: [point], ...withLabel(label) });

/** Molmo: `x= y=` or `x1= y1= x2= ...` in percent; Molmo 2: `coords="image id x y id x y ..."` in thousandths. */
function readPointTag(body: string, inner: string): RawRegion[] {
  const xs = new Map<string, number>();
  const ys = new Map<string, number>();
  let label = inner.trim();
  const points: RawPoint[] = [];
  for (const [, name, index, value] of body.matchAll(attribute)) {
    if (name === 'x') xs.set(index!, Number(value));
    else if (name === 'y') ys.set(index!, Number(value));
    else if (name === 'alt' && value) label = value;
    else if (name === 'coords') {
      for (const [, x, y] of groups(readNumbers(value!).slice(1), 3)) points.push({ values: [x!, y!], named: true });
    }
  }
  for (const [index, x] of xs) {
    const y = ys.get(index);
    if (y !== undefined) points.push({ values: [x, y], named: true });
  }
  if (points.length === 0) {
    // Doubao and UI-TARS write the numbers between the tags: <point>412 305</point>.
    for (const [x, y] of groups(readNumbers(inner), 2)) points.push({ values: [x!, y!] });
    label = '';
  }
  return points.map((point) => pointRegion(point, label));
}

type State = { label: string; bins: number[]; binLabel: string; lastEnd: number };

/** A location token; four make a box. Florence-2 (`loc_N`) means the centre of a bin and names the thing before it. */
function readBin(
  text: string,
  match: RegExpExecArray,
  florence: boolean,
  value: number,
  state: State,
): RawRegion | null {
  const before = text.slice(state.lastEnd, match.index).trim();
  if (before !== '') {
    state.bins = [];
    state.binLabel = florence ? before : '';
  }
  state.bins.push(florence ? value + 0.5 : value);
  if (state.bins.length < 4) return null;
  const after = florence
    ? state.binLabel
    : /^[^<;]{0,200}/.exec(text.slice(tag.lastIndex, tag.lastIndex + 200))![0].trim();
  const region = boxRegion(state.bins, after);
  state.bins = [];
  return region;
}

/** All regions that a text writes as tags, in order; an empty list when it has none. */
export function readTags(text: string): RawRegion[] {
  const out: RawRegion[] = [];
  const state: State = { label: '', bins: [], binLabel: '', lastEnd: 0 };
  let open: { name: string; body: string; end: number } | null = null;
  tag.lastIndex = 0;
  for (let match = tag.exec(text); match !== null; match = tag.exec(text)) {
    const body = match[1]!;
    const name = /^\/?[\w|]{1,40}/.exec(body)?.[0].toLowerCase() ?? '';
    const bin = /^(loc_?)(\d{1,4})$/.exec(body);
    if (bin !== null) {
      const region = readBin(text, match, bin[1] === 'loc_', Number(bin[2]), state);
      if (region !== null) out.push(region);
      state.lastEnd = tag.lastIndex;
      continue;
    }
    if (open !== null && isClosing(name, open.name)) {
      const inner = text.slice(open.end, match.index);
      if (refTags.has(open.name)) state.label = inner.trim();
      else if (boxTags.has(open.name)) {
        for (const values of groups(readNumbers(inner), 4)) out.push(boxRegion(values, state.label));
      } else out.push(...readPointTag(open.body, inner));
      open = null;
    } else if (open === null || !/^\d{1,4}$/.test(body)) {
      // A point that is never closed, or closes itself (`<point .../>`), has its numbers in its own tag.
      if (open !== null && isPoint(open.name)) out.push(...readPointTag(open.body, ''));
      const self = body.endsWith('/') && isPoint(name);
      if (self) out.push(...readPointTag(body, ''));
      open =
        !self && (isPoint(name) || boxTags.has(name) || refTags.has(name)) ? { name, body, end: tag.lastIndex } : null;
    }
    state.lastEnd = tag.lastIndex;
  }
  if (open !== null && isPoint(open.name)) out.push(...readPointTag(open.body, ''));
  return out;
}

const isPoint = (name: string) => name === 'point' || name === 'points';

function isClosing(name: string, opened: string): boolean {
  return name === `/${opened}` || (opened.endsWith('_start|') && name === opened.replace('_start|', '_end|'));
}

/** Qwen2-VL without its special tokens, which servers often strip: `a red cup(128,340),(256,512)`. */
export function readCornerPairs(text: string): RawRegion[] {
  return Array.from(text.matchAll(corners), ([, a, b, c, d]) => boxRegion([a, b, c, d].map(Number)));
}
