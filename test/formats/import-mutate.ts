/** @file Files as bad transfers, editors and converters leave them: a good one with a few things wrong, by a seed. */
export type Random = () => number;

const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)]!;

/** What stands in JSON where something else is expected. */
const oddities: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1, 2.5, 1e9, -1e308, 1e308, 2 ** 53, 4294967296, '', ' ', '0', '1', 'x', 'NaN'],
  ...[
    '../../etc/passwd',
    'C:\\a\\b.jpg',
    '\u0000',
    '가'.normalize('NFD'),
    '%zz',
    'http://',
    'a'.repeat(2000),
    '__proto__',
  ],
  ...[[], {}, [[]], [[[]]], [1], [1, 2, 3], [null], { a: 1 }, { size: [1, 1], counts: '1' }, [[0, 0, 1, 1]]],
  ...[
    { size: [8, 12], counts: [] },
    { size: [8, 12], counts: [96] },
    { size: [1e6, 1e6], counts: 'abc' },
  ],
];

type Spot = { readonly holder: Record<string, unknown> | unknown[]; readonly key: string | number };

function spotsOf(value: unknown, spots: Spot[] = []): Spot[] {
  if (Array.isArray(value)) {
    for (const [key, inner] of value.entries()) {
      spots.push({ holder: value, key });
      spotsOf(inner, spots);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      spots.push({ holder: value as Record<string, unknown>, key });
      spotsOf(inner, spots);
    }
  }
  return spots;
}

/** A few values replaced, removed, doubled or moved to where another was. */
export function mutateJson(value: unknown, random: Random): unknown {
  const copy = structuredClone(value);
  for (let n = 1 + Math.floor(random() * 3); n > 0; n--) {
    const spots = spotsOf(copy);
    if (spots.length === 0) return copy;
    const { holder, key } = pick(random, spots);
    const list = Array.isArray(holder) ? holder : null;
    const at = holder as Record<string | number, unknown>;
    const way = Math.floor(random() * 5);
    if (way === 0 && list) list.splice(Number(key), 1);
    else if (way === 0) delete at[key];
    else if (way === 1 && list) list.splice(Number(key), 0, structuredClone(at[key]));
    else if (way === 2) {
      const other = pick(random, spots);
      at[key] = structuredClone((other.holder as Record<string | number, unknown>)[other.key]);
    } else if (way === 3 && typeof at[key] === 'number')
      at[key] = (at[key] as number) * pick(random, [-1, 0.5, 1000, 1e20]);
    else at[key] = structuredClone(pick(random, oddities));
  }
  return copy;
}

/** Bytes cut off, doubled, dropped, or others in their place. */
export function mutateText(text: string, random: Random): Uint8Array {
  let bytes = Buffer.from(text);
  for (let n = 1 + Math.floor(random() * 2); n > 0; n--) {
    const at = Math.floor(random() * bytes.length);
    const length = Math.floor(random() * 12) + 1;
    const odd = Buffer.from(
      pick(random, ['"', '}', ']', '{', '[', ',', ':', '\\', '\n', '0', '-', 'e', '\u00ff', 'null', '"images":[]']),
    );
    const way = Math.floor(random() * 5);
    if (way === 0) bytes = bytes.subarray(0, at);
    else if (way === 1) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    else if (way === 2) bytes = Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
    else if (way === 3) bytes = Buffer.concat([bytes.subarray(0, at), odd, bytes.subarray(at + odd.length)]);
    else
      bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from([Math.floor(random() * 256)]), bytes.subarray(at + 1)]);
  }
  return bytes;
}
