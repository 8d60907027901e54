/** @file A photo is found by what its name means, and never by a part of it. */
import { expect, test } from 'vitest';
import { photoFinder } from '../../src-main/formats/import-photos.ts';
import { importJson, projectOf, reasons } from './import-helper.ts';

const photo = (id: number, path: string, width = 100, height = 80) => ({
  ...{ id, path, width, height },
  whole: `/data/photos/${path}`.normalize('NFC'),
  hash: `hash-${id}`,
});
const photos = [
  photo(1, 'kitchen/1.jpg'),
  photo(2, 'garden/1.jpg', 60, 60),
  photo(3, 'honeybee.jpg'),
  photo(4, '거실/é ü#1%.png'),
  photo(5, 'UPPER.JPG'),
  photo(6, 'deep/down/only.jpg'),
];
const find = photoFinder(photos);
const found = (name: string, size: [number, number] | null = null) => {
  const answer = find({ name, width: size?.[0] ?? null, height: size?.[1] ?? null });
  return answer.photo ? [answer.photo.id, answer.exact] : answer.reason;
};

test.each([
  ['kitchen/1.jpg', 1],
  ['./kitchen//1.jpg', 1],
  ['photos/kitchen/1.jpg', 1],
  ['/data/photos/garden/1.jpg', 2],
  ['/home/other/set/garden/1.jpg', 2],
  ['kitchen/../garden/1.jpg', 2],
  ['거실/é ü#1%.png'.normalize('NFD'), 4],
  ['http://images.example.org/train2017/garden/1.jpg?size=large', 2],
])('%s is that photo', (name, id) => expect(found(name)).toEqual([id, true]));

test.each([
  ['kitchen\\1.jpg', 1],
  ['C:\\Users\\Kim\\kitchen\\1.jpg', 1],
  [`${encodeURIComponent('거실')}/${encodeURIComponent('é ü#1%.png')}`, 4],
  ['upper.jpg', 5],
  ['elsewhere/only.jpg', 6],
])('%s is found, and it is told that it was written otherwise', (name, id) => {
  expect(found(name)).toEqual([id, false]);
});

test('not by a part of the name, not where two fit, not where the size is another', () => {
  expect(found('bee.jpg')).toBe('photo-missing');
  expect(found('1.jpg')).toBe('photo-ambiguous');
  expect(found('1.jpg', [60, 60])).toEqual([2, false]);
  expect(found('honeybee.jpg', [200, 160])).toBe('photo-size');
  expect(found('honeybee.jpg', [80, 100])).toBe('photo-rotated');
  expect(found('')).toBe('photo-unnamed');
  expect(found('..')).toBe('photo-unnamed');
});

test('the same content is the same photo, whatever it is called', () => {
  const ref = { name: 'other/name.png', width: null, height: null, hash: 'hash-3' };
  expect(find(ref)).toMatchObject({ photo: { id: 3 }, exact: true });
});

test('a photo that has an entry of its own is not given to the same name in another folder', async () => {
  const project = await projectOf({ 'val/1.jpg': '20x10' });
  const images = ['train/1.jpg', 'val/1.jpg'].map((file_name, id) => ({ id, file_name, width: 20, height: 10 }));
  const annotations = images.map(({ id }) => ({
    id,
    image_id: id,
    segmentation: [[0, 0, id + 3, 0, id + 3, 5, 0, 5]],
  }));
  const report = await importJson(project, { images, annotations });
  expect(report.kept).toMatchObject({ images: 1, instances: 1 });
  expect(reasons(report.skipped)).toEqual({ 'photo-ambiguous': 1, 'photo-left-out': 1 });
});

test('photos that are not in the project are counted and named, not made up', async () => {
  const project = await projectOf({ 'a.jpg': '20x10' });
  const images = Array.from({ length: 30 }, (_, id) => ({ id, file_name: `gone-${id}.jpg`, width: 20, height: 10 }));
  const report = await importJson(project, { images, annotations: [] });
  expect(report.skipped).toMatchObject([{ reason: 'photo-missing', count: 30 }]);
  expect(report.skipped[0]!.examples).toHaveLength(20);
  expect(report.kept.images).toBe(0);
  expect(report.backup).toBeNull();
});
