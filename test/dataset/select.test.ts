/** @file Choosing images: what is counted on them, which fit, and quotas that are filled fairly and to the last image. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fillQuotas } from '../../src-main/dataset/select-fill.ts';
import { findImages, sortFound, supplyOf } from '../../src-main/dataset/select-filter.ts';
import { fillSelection, takenPicks } from '../../src-main/dataset/select-quota.ts';
import { cocoOf, filterOf, indexOf, undecided } from './select-coco.ts';

const data = process.env['NOVO_DATA'] ?? join(import.meta.dirname, '../../../shared/data');
const real = join(data, 'coco-dev/instances.json');

const names = (index: ReturnType<typeof indexOf>, filter: Parameters<typeof filterOf>[0]) =>
  findImages(index, filterOf(filter), undecided).map(({ image }) => image);

test('images are found by how many instances of a class they have, whatever the order of the sections', () => {
  const index = indexOf(cocoOf(['cup*3 dog', 'cup', 'dog*2 cat', 'cup*2!', 'dog*5 cup*2']));
  expect(names(index, {})).toEqual([0, 2, 4]);
  expect(names(index, { instances: { min: 2, max: 3 } })).toEqual([0, 2, 4]);
  expect(names(index, { instances: { min: 3 } })).toEqual([0, 4]);
  const dog = index.categories.findIndex(({ name }) => name === 'dog');
  expect(names(index, { categories: [dog] })).toEqual([2, 4]);
  expect(names(index, { supercategory: 'kitchen' })).toEqual([0, 4]);
  expect(names(index, { instances: { min: 2 }, otherClasses: { max: 0 } })).toEqual([]);
  expect(names(index, { text: '4.PNG' })).toEqual([4]);
  expect(supplyOf(index, findImages(index, filterOf({}), undecided))).toEqual([2, 2, 0]);
});

test('a region marked as a crowd is no instance, and its class does not fit unless it is asked for', () => {
  const index = indexOf(cocoOf(['cup*2 cup!', 'cup*2', 'cup!']));
  expect(names(index, {})).toEqual([1]);
  expect(names(index, { crowds: true })).toEqual([0, 1]);
  expect(index.instances).toBe(4);
});

test('size, overlap and crowding are those of the boxes', () => {
  const image = { id: 1, file_name: 'a.png', width: 100, height: 100 };
  const box = (id: number, category_id: number, bbox: number[], area?: number) => ({
    id,
    image_id: 1,
    category_id,
    bbox,
    area,
  });
  const annotations = [
    box(1, 1, [0, 0, 20, 20], 300),
    box(2, 1, [10, 0, 20, 20]),
    box(3, 1, [60, 60, 40, 40], 1200),
    box(4, 2, [15, 15, 10, 10]),
  ];
  const categories = [
    { id: 1, name: 'cup' },
    { id: 2, name: 'dog' },
  ];
  const [cups, dogs] = indexOf({ images: [image], annotations, categories }).images[0]!.groups;
  // Cups 1 and 2 share 10 x 20 of 600; the dog touches both; cup 3 touches nothing: (2 + 2 + 0) / 3.
  expect(cups).toMatchObject({ category: 0, count: 3, minShare: expect.closeTo(0.03), maxShare: expect.closeTo(0.12) });
  expect(cups!.overlap).toBeCloseTo(200 / 600, 6);
  expect(cups!.crowding).toBeCloseTo(4 / 3, 6);
  expect(dogs).toMatchObject({ category: 1, count: 1, overlap: 0, crowding: 2 });
});

test('what cannot be used is counted, and ids are the same as numbers and as texts', () => {
  const index = indexOf({
    images: [
      { id: '7', file_name: 'a.png', width: 10, height: 10 },
      { id: 7, file_name: 'b.png', width: 10, height: 10 },
      { id: 8, file_name: 'c.png', width: 0, height: 10 },
      null,
    ],
    categories: [{ id: 1, name: 'cup', supercategory: null }, { id: 2 }],
    annotations: [
      { id: 1, image_id: 7, category_id: '1', bbox: [0, 0, 5, 5] },
      { id: 1, image_id: 7, category_id: 1, bbox: [0, 0, 5, 5] },
      { id: 2, image_id: 99, category_id: 1, bbox: [0, 0, 5, 5] },
      { id: 3, image_id: 7, category_id: 2, bbox: [0, 0, 5, 5] },
      { id: 4, image_id: 7, category_id: 1, bbox: [0, 0, 0, 5] },
      { id: 5, image_id: 7 },
    ],
  });
  expect(index.images.map(({ fileName, groups }) => [fileName, groups.map(({ count }) => count)])).toEqual([
    ['a.png', [1]],
  ]);
  expect(index.skipped).toEqual({
    'image that is there twice': 1,
    'image that cannot be read': 2,
    'category that cannot be read': 1,
    'annotation that is there twice': 1,
    'annotation of an image that is not there': 1,
    'annotation of a class that is not there': 1,
    'annotation without a shape': 1,
    'annotation without a class': 1,
  });
});

test('quotas serve the class that is furthest behind, and the same seed draws the same images', () => {
  const images = Array.from({ length: 30 }, (_, k) => (k < 20 ? 'cup*2' : k < 28 ? 'dog*2' : 'cat*2'));
  const index = indexOf(cocoOf(images));
  const fill = (quotas: { perClass: number | null; total: number | null }, seed: number) => {
    const { picks, classes } = fillSelection(
      index,
      { filter: filterOf(), quotas: { own: {}, ...quotas }, seed },
      [],
      undecided,
    );
    return { images: picks.map(({ image }) => image).sort((a, b) => a - b), got: classes.map(({ got }) => got) };
  };
  expect(fill({ perClass: 5, total: null }, 1).got).toEqual([5, 5, 2]);
  expect(fill({ perClass: 5, total: null }, 1)).toEqual(fill({ perClass: 5, total: null }, 1));
  expect(fill({ perClass: 5, total: null }, 1).images).not.toEqual(fill({ perClass: 5, total: null }, 2).images);
  expect(fill({ perClass: null, total: 12 }, 1).got).toEqual([5, 5, 2]);
  expect(fill({ perClass: null, total: 30 }, 1).got).toEqual([20, 8, 2]);
  expect(fill({ perClass: 5, total: 6 }, 1).got).toEqual([2, 2, 2]);
  // The draw goes by the image's id, not by its place in the file.
  const coco = cocoOf(images);
  const turned = indexOf({ ...coco, images: coco.images.toReversed() });
  const quotas = { own: {}, perClass: 5, total: null };
  const again = fillSelection(turned, { filter: filterOf(), quotas, seed: 1 }, [], undecided);
  const ids = (from: typeof index, list: readonly { image: number }[]) =>
    list.map(({ image }) => from.images[image]!.id).sort();
  const first = fillSelection(index, { filter: filterOf(), quotas, seed: 1 }, [], undecided);
  expect(ids(turned, again.picks)).toEqual(ids(index, first.picks));
});

test('a rare class gets its images though others could use them: as many as any assignment could give', () => {
  let state = 1;
  const random = (n: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % n;
  };
  for (let round = 0; round < 300; round++) {
    const classes = 2 + random(3);
    const quota = 1 + random(2);
    const candidates = Array.from({ length: 1 + random(7) }, (_, image) => ({
      image,
      key: `${image}`,
      categories: Array.from({ length: classes }, (_, c) => c).filter(() => random(2) === 0),
    }));
    const picks = fillQuotas(candidates, { quotaOf: () => quota, total: Infinity, seed: round, taken: [] });
    for (const { image, category } of picks) expect(candidates[image]!.categories).toContain(category);
    expect(new Set(picks.map(({ image }) => image)).size).toBe(picks.length);
    for (let c = 0; c < classes; c++)
      expect(picks.filter(({ category }) => category === c).length).toBeLessThanOrEqual(quota);
    const best = (at: number, left: readonly number[]): number => {
      const candidate = candidates[at];
      if (!candidate) return 0;
      let most = best(at + 1, left);
      for (const c of candidate.categories) {
        if (left[c]! > 0) most = Math.max(most, 1 + best(at + 1, left.with(c, left[c]! - 1)));
      }
      return most;
    };
    expect(picks.length).toBe(
      best(
        0,
        Array.from({ length: classes }, () => quota),
      ),
    );
  }
});

test('what was kept by hand or is in the project counts, and nothing that was dropped is picked', () => {
  const index = indexOf(cocoOf(['cup*2', 'cup*2', 'cup*2', 'cup*2 dog*2', 'dog*3']));
  const choices = [
    { image: 0, verdict: 'keep', by: 'hand', category: 0 },
    { image: 1, verdict: 'drop', by: 'hand', category: null },
    { image: 2, verdict: 'keep', by: 'fill', category: 0 },
  ] as const;
  const taken = takenPicks(index, choices, new Map([[4, 77]]));
  expect(taken).toEqual([
    { image: 0, category: 0 },
    { image: 4, category: 1 },
  ]);
  const stateOf = (image: number) =>
    (['kept', 'dropped'] as const)[image] ?? (image === 4 ? 'in-project' : 'undecided');
  const quotas = { own: { cup: 3, dog: 2 }, perClass: 0, total: null };
  const { picks, classes } = fillSelection(index, { filter: filterOf(), quotas, seed: 1 }, taken, stateOf);
  expect(picks.map(({ image }) => image).sort()).toEqual([2, 3]);
  expect(classes.map(({ got }) => got)).toEqual([2, 2]);
});

test('what is looked at just now does not narrow the quotas', () => {
  const index = indexOf(cocoOf(['cup*2', 'dog*2', 'dog*2']));
  const quotas = { own: { dog: 2 }, perClass: 1, total: null };
  const looked = filterOf({ categories: [0], text: '0.png', state: 'kept' });
  const { picks } = fillSelection(index, { filter: looked, quotas, seed: 1 }, [], undecided);
  expect(picks.map(({ image }) => image).sort()).toEqual([0, 1, 2]);
});

test('sorting puts the fullest first and keeps the order of the file among equals', () => {
  const index = indexOf(cocoOf(['cup*2', 'cup*4', 'cup*2 dog', 'cup*3']));
  const found = findImages(index, filterOf(), undecided);
  const by = (sort: Parameters<typeof sortFound>[2]['sort'], descending: boolean, seed = 1) =>
    sortFound(index, found, { sort, descending, seed }).map(({ image }) => image);
  expect(by('instances', true)).toEqual([1, 3, 0, 2]);
  expect(by('classes', true)).toEqual([2, 0, 1, 3]);
  expect(by('file', true)).toEqual([3, 2, 1, 0]);
  expect(by('random', false)).toEqual(by('random', false));
  expect(new Set([1, 2, 3, 4, 5, 6].map((seed) => by('random', false, seed).join())).size).toBeGreaterThan(1);
});

test.skipIf(!existsSync(real))('on real photos the counts are those of a plain count over the file', () => {
  const coco = JSON.parse(readFileSync(real, 'utf8')) as ReturnType<typeof cocoOf>;
  const counts = new Map<string, number>();
  const crowds = new Set<string>();
  for (const { image_id, category_id, iscrowd } of coco.annotations) {
    const key = `${image_id} ${category_id}`;
    if (iscrowd) crowds.add(key);
    else counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const expected = new Set([...counts].filter(([key, n]) => n >= 2 && !crowds.has(key)).map(([key]) => key));
  const index = indexOf(coco);
  const found = findImages(index, filterOf({ share: {} }), undecided).flatMap(({ image, groups }) =>
    groups.map(({ category }) => `${index.images[image]!.id} ${index.categories[category]!.id}`),
  );
  expect(new Set(found)).toEqual(expected);
  expect(expected.size).toBeGreaterThan(100);
});
