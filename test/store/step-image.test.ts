/** @file From image to image: in the order of the list, over the filter, to the next one that is not decided. */
import { expect, test } from 'vitest';
import type { ImageFilter } from '../../src-main/contract/image-list.ts';
import { countRecords } from '../../src-main/store/counts.ts';
import { listImages, positionOf, putImages } from '../../src-main/store/images.ts';
import { addQueries, addQuery, deleteQuery, editQuery, setNoTarget } from '../../src-main/store/queries.ts';
import { need } from '../../src-main/store/records.ts';
import { stepImage } from '../../src-main/store/step-image.ts';
import { addRecords, newProject } from './helper.ts';

async function five() {
  const { db } = await newProject();
  const ids = addRecords(db, ['10.jpg', '2.jpg', '1.jpg', 'b/1.jpg', '3.jpg']);
  const path = (id: number | null) => (id === null ? null : need(db, 'image', id).path);
  const id = (name: string) => ids.find((each) => path(each) === name)!;
  const step = (from: string | null, how: { step?: 1 | -1; undecided?: boolean; filter?: ImageFilter } = {}) =>
    path(stepImage(db, from === null ? null : id(from), { step: 1, undecided: false, filter: {}, ...how }));
  const decide = (...names: string[]) => {
    for (const name of names) {
      const { result } = addQuery(db, { imageId: id(name), text: 'what?' }, {});
      setNoTarget(db, result.id, true, {});
    }
  };
  return { db, id, step, decide };
}

test('the next and the previous image are those of the list, and there is an end', async () => {
  const { step } = await five();
  expect(step(null)).toBe('1.jpg');
  expect(step('1.jpg')).toBe('2.jpg');
  expect(step('3.jpg')).toBe('10.jpg');
  expect(step('b/1.jpg')).toBeNull();
  expect(step(null, { step: -1 })).toBe('b/1.jpg');
  expect(step('10.jpg', { step: -1 })).toBe('3.jpg');
  expect(step('1.jpg', { step: -1 })).toBeNull();
});

test('a filter is stepped over, also from an image that it leaves out', async () => {
  const { step, decide } = await five();
  decide('1.jpg', '10.jpg');
  const filter = { state: 'done' } as const;
  expect(step('1.jpg', { filter })).toBe('10.jpg');
  expect(step('2.jpg', { filter })).toBe('10.jpg');
  expect(step('2.jpg', { step: -1, filter })).toBe('1.jpg');
  expect(step('10.jpg', { filter })).toBeNull();
});

test('the next undecided image starts over at the end, skips missing photos, and is none when all are decided', async () => {
  const { db, id, step, decide } = await five();
  decide('2.jpg', '3.jpg', 'b/1.jpg');
  expect(step('1.jpg', { undecided: true })).toBe('10.jpg');
  expect(step('10.jpg', { undecided: true })).toBe('1.jpg');
  expect(step('10.jpg', { undecided: true, step: -1 })).toBe('1.jpg');
  putImages(db, [{ ...need(db, 'image', id('1.jpg')), status: 'missing' }]);
  expect(step('10.jpg', { undecided: true })).toBeNull();
  decide('1.jpg', '10.jpg');
  expect(step('10.jpg', { undecided: true })).toBeNull();
});

test('the state of an image follows whatever happens to its queries', async () => {
  const { db, id } = await five();
  const state = () => listImages(db).find(({ path }) => path === '2.jpg')!.state;
  const kept = () => listImages(db, { state: state() }).some(({ path }) => path === '2.jpg');
  const check = (expected: string) => expect([state(), kept()]).toEqual([expected, true]);
  check('new');
  const { result: query } = addQuery(db, { imageId: id('2.jpg'), text: 'what?' }, {});
  check('open');
  editQuery(db, query.id, { status: 'rejected' }, {});
  check('done');
  editQuery(db, query.id, { status: 'draft' }, {});
  check('open');
  deleteQuery(db, query.id, {});
  check('new');
});

test('50,000 images of which all but one are decided: it is found at once, and any window of them', async () => {
  const { db } = await newProject();
  const ids: number[] = [];
  for (let part = 0; part < 10; part++) {
    const paths = Array.from({ length: 5000 }, (_, i) => `folder ${part}/photo ${i}.jpg`);
    ids.push(...addRecords(db, paths));
  }
  const decided = { text: 'what?', status: 'accepted', noTarget: true } as const;
  addQueries(
    db,
    ids.filter((_, i) => i !== 7).map((imageId) => ({ imageId, ...decided })),
    {},
  );
  const fastest = (work: () => unknown) =>
    Math.min(
      ...Array.from({ length: 7 }, () => {
        const start = performance.now();
        work();
        return performance.now() - start;
      }),
    );
  const everything = fastest(() => db.prepare('SELECT id, path, width, height, status FROM image').all());
  const undecided = { step: 1, undecided: true, filter: {} } as const;
  expect(stepImage(db, ids[10]!, undecided)).toBe(ids[7]);
  const times = {
    step: fastest(() => stepImage(db, ids[10]!, undecided)),
    position: fastest(() => positionOf(db, ids[49_999]!)),
    window: fastest(() => listImages(db, { state: 'done' }, { offset: 40_000, limit: 100 })),
  };
  console.info(`50,000 images, ms: ${JSON.stringify(times)}; all rows read: ${everything}`);
  expect(times.step).toBeLessThan(everything / 20);
  expect(times.position).toBeLessThan(everything / 2);
  expect(times.window).toBeLessThan(everything / 2);
  expect(countRecords(db).images).toMatchObject({ total: 50_000, new: 1, open: 0, done: 49_999 });
});
