/**
 * @file Boxes and points in the values of a JSON answer, whatever the model called its keys and however it nested them.
 */
import type { RawBox, RawPoint, RawRegion } from './coordinates.ts';
import type { Loose, LooseDict } from './loose-json.ts';

export type Collected = {
  /** Regions under a key that says what they are, or with named corners. */
  readonly keyed: RawRegion[];
  /** Lists of four or two numbers without such a key. */
  readonly bare: RawRegion[];
  /** An empty list or an empty dict was met: how a model says that there is nothing. */
  empty: boolean;
};

// Keys are compared in lower case without "_", "-" and spaces: box_2d, bbox-2d, "Bounding Box".
const boxKey = /^(b?box(es)?(2d)?|b?box2ds|boundingbox(es)?|coordinates|coords|rect|bboxxyxy)$/;
const pointKey = /^(points?(2d|\d)?|centers?|centres?|keypoints?|click|pointcoords)$/;
/** Keys that hold the list of things, and so are no thing's name. */
const wrapperKey =
  /^(objects?|results?|regions?|detections?|instances?|items?|answers?|predictions?|targets?|output|)$/;
const labelKeys = ['label', 'name', 'object', 'class', 'category', 'description', 'title', 'text'];
const corners: readonly (readonly [string, string, string, string, 'xyxy' | 'xywh'])[] = [
  ['x1', 'y1', 'x2', 'y2', 'xyxy'],
  ['xmin', 'ymin', 'xmax', 'ymax', 'xyxy'],
  ['left', 'top', 'right', 'bottom', 'xyxy'],
  ['x', 'y', 'width', 'height', 'xywh'],
  ['x', 'y', 'w', 'h', 'xywh'],
  ['left', 'top', 'width', 'height', 'xywh'],
];

const plain = (key: string) =>
  key
    .slice(0, 40)
    .toLowerCase()
    .replaceAll(/[_\- ]/g, '');

function asNumber(value: Loose | undefined): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.length > 30) return null;
  const text = value.trim().replace(/%$/, '');
  return text === '' || Number.isNaN(Number(text)) ? null : Number(text);
}

/** The numbers of a list that was written to its end, or of a string such as "10, 20, 30, 40"; else null. */
function asNumbers(value: Loose): number[] | null {
  if (typeof value === 'string') {
    if (value.length > 200 || !/^[\d\s.,\-[\]()%]+$/.test(value)) return null;
    return (value.match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number);
  }
  if (typeof value !== 'object' || value === null || value.kind !== 'list' || !value.closed) return null;
  const numbers = value.items.map(asNumber);
  return numbers.length > 0 && numbers.every((n) => n !== null) ? (numbers as number[]) : null;
}

const itemsOf = (value: Loose): Loose[] =>
  typeof value === 'object' && value !== null && value.kind === 'list' ? value.items : [];
const asDict = (value: Loose): LooseDict | null =>
  typeof value === 'object' && value !== null && value.kind === 'dict' ? value : null;

function toBox(values: readonly number[]): RawBox {
  return { values: [values[0]!, values[1]!, values[2]!, values[3]!] };
}

/** Corners or sides under their own names: {"x1": 10, "y1": 20, ...}, {"x": .., "y": .., "width": .., "height": ..}. */
function namedBox(dict: LooseDict): RawBox | null {
  const byKey = new Map(dict.entries.map(([key, value]) => [plain(key), value]));
  for (const [a, b, c, d, named] of corners) {
    const values = [a, b, c, d].map((key) => asNumber(byKey.get(key)));
    if (values.every((v) => v !== null)) return { ...toBox(values as number[]), named };
  }
  return null;
}

function namedPoint(dict: LooseDict): RawPoint | null {
  const byKey = new Map(dict.entries.map(([key, value]) => [plain(key), value]));
  const [x, y] = [asNumber(byKey.get('x')), asNumber(byKey.get('y'))];
  return x === null || y === null ? null : { values: [x, y], named: true };
}

function readBoxes(value: Loose): RawBox[] {
  const numbers = asNumbers(value);
  if (numbers !== null) {
    const boxes: RawBox[] = [];
    if (numbers.length % 4 === 0)
      for (let i = 0; i < numbers.length; i += 4) boxes.push(toBox(numbers.slice(i, i + 4)));
    return boxes;
  }
  const dict = asDict(value);
  if (dict !== null) return [namedBox(dict)].filter((box) => box !== null);
  const inner = itemsOf(value).map(asNumbers);
  // [[x1, y1], [x2, y2]]: two corners.
  if (inner.length === 2 && inner.every((n) => n?.length === 2)) return [toBox(inner.flat() as number[])];
  return inner.filter((n) => n?.length === 4).map((n) => toBox(n!));
}

function readPoints(value: Loose): RawPoint[] {
  const numbers = asNumbers(value);
  if (numbers !== null) {
    const points: RawPoint[] = [];
    if (numbers.length % 2 === 0) {
      for (let i = 0; i < numbers.length; i += 2) points.push({ values: [numbers[i]!, numbers[i + 1]!] });
    }
    return points;
  }
  const dict = asDict(value);
  if (dict !== null) return [namedPoint(dict)].filter((point) => point !== null);
  return itemsOf(value).flatMap((item) => (asNumbers(item)?.length === 2 ? readPoints(item) : []));
}

function labelOf(dict: LooseDict): string | undefined {
  for (const wanted of labelKeys) {
    const value = dict.entries.find(([key]) => plain(key) === wanted)?.[1];
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
  }
  return undefined;
}

/**
 * The regions of one dict itself. A box and its points are one thing; points without a box are one thing each, because
 * one prompt on several things would unite them, while two prompts on one thing give the same mask twice.
 */
function ownRegions(dict: LooseDict): { regions: RawRegion[]; used: Set<Loose> } {
  const boxes: RawBox[] = [];
  const points: RawPoint[] = [];
  const used = new Set<Loose>();
  for (const [key, value] of dict.entries) {
    const name = plain(key);
    const foundBoxes = boxKey.test(name) ? readBoxes(value) : [];
    // A "box" of two numbers is a point: some models keep one key for both.
    const foundPoints =
      pointKey.test(name) || (boxKey.test(name) && asNumbers(value)?.length === 2) ? readPoints(value) : [];
    if (foundBoxes.length + foundPoints.length > 0) used.add(value);
    boxes.push(...foundBoxes);
    points.push(...foundPoints);
  }
  if (used.size === 0) {
    const box = namedBox(dict);
    const point = box === null ? namedPoint(dict) : null;
    if (box !== null) boxes.push(box);
    if (point !== null) points.push(point);
  }
  const label = labelOf(dict);
  const labelled = label === undefined ? {} : { label };
  const [only] = boxes;
  if (boxes.length === 1 && only !== undefined) {
    return { regions: [{ box: only, ...(points.length > 0 ? { points } : {}), ...labelled }], used };
  }
  if (boxes.length > 0) {
    const paired = points.length === boxes.length;
    return {
      regions: boxes.map((box, i) => ({ box, ...(paired ? { points: [points[i]!] } : {}), ...labelled })),
      used,
    };
  }
  return { regions: points.map((point) => ({ points: [point], ...labelled })), used };
}

/** Walks a value and adds what it finds to `into`; `key` is what the value stood under, and a bare list's label. */
export function collectRegions(value: Loose, into: Collected, key?: string): void {
  if (typeof value !== 'object' || value === null) return;
  if (value.kind === 'dict') {
    if (value.closed && value.entries.length === 0) into.empty = true;
    const { regions, used } = ownRegions(value);
    into.keyed.push(...regions);
    for (const [name, inner] of value.entries) {
      if (inner === null && boxKey.test(plain(name))) into.empty = true;
      if (!used.has(inner)) collectRegions(inner, into, name);
    }
    return;
  }
  if (value.closed && value.items.length === 0) into.empty = true;
  const numbers = asNumbers(value);
  if (numbers === null) {
    for (const item of value.items) collectRegions(item, into, key);
  } else if (numbers.length === 4) {
    const label = key === undefined || wrapperKey.test(plain(key)) ? {} : { label: key };
    into.bare.push({ box: toBox(numbers), ...label });
  } else if (numbers.length === 2 && key === undefined) {
    into.bare.push({ points: [{ values: [numbers[0]!, numbers[1]!] }] });
  }
}
