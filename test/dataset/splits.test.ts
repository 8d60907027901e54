/** @file Splits: even by strata, nothing that looks the same on both sides, the same for a seed. */
import { expect, test } from 'vitest';
import { differenceHash, groupPhotos, hammingDistance } from '../../src-main/dataset/near-duplicates.ts';
import { seededKey } from '../../src-main/dataset/seeded.ts';
import { assignSplits } from '../../src-main/dataset/splits.ts';
import { balanceOf, labelsOf, type StratifiedImage, strataOf } from '../../src-main/dataset/splits-strata.ts';
import type { QueryFacts } from '../../src-main/dataset/statistics.ts';

const shares = [
  { name: 'train', share: 0.7 },
  { name: 'val', share: 0.15 },
  { name: 'test', share: 0.15 },
];

const query = (id: number, instances: number, reasoningType: QueryFacts['reasoningType'] = 'spatial'): QueryFacts => ({
  ...{ id, text: 'which?', form: 'short', reasoningType, source: 'human', status: 'accepted' },
  ...{ noTarget: instances === 0, clear: true, correct: true, ranked: false },
  instanceIds: Array.from({ length: instances }, (_, k) => 100 * id + k),
});

const above = ['food', 'food', 'food', 'animal', 'animal', 'vehicle', 'kitchen', 'person'];

/** Images with 1 to 3 queries whose strata are drawn by a seed. */
function drawn(count: number, seed: number): StratifiedImage[] {
  const draw = (k: number, what: string, of: number) => seededKey(seed, `${k} ${what}`) % of;
  return Array.from({ length: count }, (_, k) => {
    const queries = Array.from({ length: 1 + draw(k, 'queries', 3) }, (_, j) =>
      query(
        10 * k + j,
        draw(k, `instances ${j}`, 7),
        (['attribute', 'spatial', 'context'] as const)[draw(k, `type ${j}`, 3)]!,
      ),
    );
    const name = above[draw(k, 'class', above.length)]!;
    const facts = { id: k + 1, width: 10, height: 10, instances: [], queries };
    return { facts, strata: queries.map((each) => strataOf(each, () => name)) };
  });
}

const divide = (images: readonly StratifiedImage[], groups: readonly number[], seed = 1) =>
  assignSplits(
    images.map((image, k) => ({ key: `photo ${image.facts.id}`, group: groups[k]!, labels: labelsOf(image) })),
    shares,
    seed,
  );

test('300 images come out as wanted, and no supercategory, kind of reasoning or number is 4 points off', () => {
  for (const seed of [1, 2, 3]) {
    const images = drawn(300, seed);
    const groups = images.map((_, k) => k);
    const { splits, deviations } = balanceOf(images, divide(images, groups), groups, shares);
    for (const { got, wanted } of splits) expect(Math.abs(got - wanted)).toBeLessThan(0.02);
    for (const { of, deviation } of deviations) if (of !== 'all three') expect(deviation).toBeLessThan(0.04);
    expect(splits.reduce((sum, { images: n }) => sum + n, 0)).toBe(300);
    // Drawn blindly, the same images are at least twice as far off.
    const blind = images.map(({ facts }) => [0, 0, 0, 0, 0, 0, 0, 1, 1, 2][seededKey(seed, `blind ${facts.id}`) % 10]!);
    const other = balanceOf(images, blind, groups, shares).deviations[0]!;
    expect(other.deviation).toBeGreaterThan(2 * deviations[0]!.deviation);
  }
});

test('a group stays together, however large; the order of the images changes nothing; another seed draws others', () => {
  const images = drawn(200, 7);
  const groups = images.map((_, k) => (k < 40 ? 0 : k < 60 ? 1 : k % 150));
  const splits = divide(images, groups);
  for (const members of Map.groupBy(images.keys(), (k) => groups[k]!).values()) {
    expect(new Set(members.map((k) => splits[k])).size).toBe(1);
  }
  const { splits: sizes } = balanceOf(images, splits, groups, shares);
  for (const { got, wanted } of sizes) expect(Math.abs(got - wanted)).toBeLessThan(0.1);
  const turned = divide(images.toReversed(), groups.toReversed());
  expect(turned.toReversed()).toEqual(splits);
  expect(divide(images, groups)).toEqual(splits);
  expect(divide(images, groups, 2)).not.toEqual(splits);
});

test('the strata of a query are those of most of its instances', () => {
  const names = ['food', 'animal', 'food'];
  const strata = strataOf(query(1, 3, null), (id) => names[id - 100]!);
  expect(strata).toEqual({
    ...{ supercategory: 'food', 'kind of reasoning': '(not said)', instances: '3 to 5' },
    'all three': 'food, (not said), 3 to 5',
  });
  expect(strataOf(query(2, 0), () => 'food').instances).toBe('nothing');
});

test('a difference hash is what is brighter than its right neighbour', () => {
  const rising = Uint8Array.from({ length: 9 * 8 * 3 }, (_, k) => (Math.floor(k / 3) % 9) * 20);
  expect(differenceHash(rising)).toBe('0000000000000000');
  expect(differenceHash(rising.toReversed())).toBe('ffffffffffffffff');
  const oneLine = rising.slice();
  oneLine.set(rising.slice(0, 27).toReversed(), 27);
  expect(differenceHash(oneLine)).toBe('00ff000000000000');
  expect(hammingDistance('00ff000000000000', '0000000000000001')).toBe(9);
});

test('photos are grouped as comparing every pair would, in chains, with equal files, and without those not read', () => {
  const hex = (seed: number) => [1, 2].map((k) => seededKey(seed, `${k}`).toString(16).padStart(8, '0')).join('');
  const flip = (hash: string, ...bits: number[]) => {
    let value = BigInt(`0x${hash}`);
    for (const bit of bits) value ^= 1n << BigInt(bit);
    return value.toString(16).padStart(16, '0');
  };
  const hashes = Array.from({ length: 300 }, (_, k) =>
    k % 3 === 0 ? hex(k) : flip(hex(k - (k % 3)), ...Array.from({ length: 7 }, (_, j) => seededKey(j, `${k}`) % 64)),
  );
  const photos = hashes.map((differenceHash, k) => ({ contentHash: `${k}`, differenceHash }));
  for (const bits of [0, 3, 6, 8]) {
    const groups = groupPhotos(photos, bits);
    const reached = hashes.map((_, k) => k);
    for (let changed = true; changed; ) {
      changed = false;
      for (const [a, one] of hashes.entries()) {
        for (const [b, other] of hashes.entries()) {
          if (hammingDistance(one, other) > bits || reached[a] === reached[b]) continue;
          reached[a] = reached[b] = Math.min(reached[a]!, reached[b]!);
          changed = true;
        }
      }
    }
    const same = (list: readonly number[]) => list.map((each) => list.indexOf(each));
    expect(same(groups)).toEqual(same(reached));
  }
  const [a, b] = [hex(1), flip(hex(1), 3)];
  const few = [a, null, b, null, a].map((differenceHash, k) => ({ contentHash: k < 4 ? `${k}` : '1', differenceHash }));
  expect(groupPhotos(few, 1)).toEqual([0, 0, 0, 1, 0]);
  expect(groupPhotos(few, null)).toEqual([0, 1, 2, 3, 1]);
});
