/** @file Choosing images is kept in the project, and a folder gives it only the photos that were chosen. */
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addChosen } from '../../src-main/store/add-chosen.ts';
import { addImages } from '../../src-main/store/add-images.ts';
import { listImages } from '../../src-main/store/images.ts';
import { openProject } from '../../src-main/store/project.ts';
import { addRoot, listRoots } from '../../src-main/store/roots.ts';
import {
  currentSource,
  keepSettings,
  listChoices,
  openSource,
  placesOf,
  putChoices,
} from '../../src-main/store/selection.ts';
import { kept, newProject, photo, readers, tempFolder } from './helper.ts';

const paths = (project: { db: Parameters<typeof listImages>[0] }) =>
  listImages(project.db).map(({ path, status }) => `${path} ${status}`);

async function chosen(...names: string[]) {
  const folder = join(tempFolder(), 'photos');
  mkdirSync(folder);
  for (const name of ['1.jpg', '2.jpg', '3.jpg', 'deep/4.jpg']) photo(folder, name);
  const project = await newProject();
  const root = await addRoot(project, folder, { takesNew: false });
  const photos = names.map((path) => ({ path, diskPath: null }));
  const report = await addChosen(project.db, readers(), { root, folder, photos });
  return { folder, project, root, report };
}

test('reading the folder again finds the chosen photos, moved ones too, and adds no others', async () => {
  const { folder, project, report } = await chosen('2.jpg', 'deep/4.jpg');
  expect(report).toMatchObject({ added: 2, skipped: [] });
  photo(folder, 'new.jpg');
  photo(folder, 'copy of 2.jpg', '2.jpg');
  await addImages(project, readers());
  expect(paths(project)).toEqual(['2.jpg present', 'deep/4.jpg present']);
  renameSync(join(folder, 'deep/4.jpg'), join(folder, '5.jpg'));
  rmSync(join(folder, '2.jpg'));
  rmSync(join(folder, 'copy of 2.jpg'));
  await addImages(project, readers());
  expect(paths(project)).toEqual(['2.jpg missing', '5.jpg present']);
});

test('choosing again adds what is new and keeps the ids; what cannot be read is told', async () => {
  const { folder, project, root, report } = await chosen('1.jpg');
  photo(folder, 'broken.jpg', 'x', 'none');
  const photos = ['1.jpg', '3.jpg', 'broken.jpg', 'gone.jpg'].map((path) => ({ path, diskPath: null }));
  const again = await addChosen(project.db, readers(), { root, folder, photos });
  expect(again.added).toBe(1);
  expect(again.ids.get('1.jpg')).toBe(report.ids.get('1.jpg'));
  expect(again.skipped.map(({ path }) => path).sort()).toEqual(['broken.jpg', 'gone.jpg']);
  expect(again.skipped.find(({ path }) => path === 'broken.jpg')?.reason).toContain('not a photo');
});

test('a folder that is added as a whole later takes all of its photos, and is not narrowed again', async () => {
  const { folder, project } = await chosen('1.jpg');
  await addRoot(project, folder);
  await addRoot(project, folder, { takesNew: false });
  expect(listRoots(project.db).map(({ takesNew }) => takesNew)).toEqual([true]);
  await addImages(project, readers());
  expect(paths(project)).toHaveLength(4);
});

test('choices of each file stay when another is opened, and over a restart', async () => {
  const project = await newProject();
  expect(currentSource(project.db)).toBeNull();
  const val = openSource(project, '/data/val.json', '/data/val');
  const keep = { image: '17', verdict: 'keep', by: 'hand', category: '3' } as const;
  const drop = { image: '18', verdict: 'drop', by: 'hand', category: null } as const;
  putChoices(project.db, val.id, { choices: [keep, drop], undecided: [] }, 'selection.choose', { who: 'Kim' });
  const quotas = { perClass: 4, own: { cup: 9 }, total: null };
  keepSettings(project.db, val.id, { ...val.settings, seed: 7, quotas });
  const train = openSource(project, '/data/train.json', '/data/train');
  expect(listChoices(project.db, train.id)).toEqual([]);
  await project.close();
  const again = kept(await openProject(project.folder, { backupEveryMs: 0 }));
  expect(currentSource(again.db)?.coco.absolute).toBe('/data/train.json');
  const back = openSource(again, '/data/val.json', '/data/val');
  expect(back).toMatchObject({ id: val.id, settings: { seed: 7, quotas } });
  expect(listChoices(again.db, back.id)).toEqual([keep, drop]);
  putChoices(again.db, back.id, { choices: [{ ...drop, image: '17' }], undecided: ['18'] }, 'selection.choose', {});
  expect(listChoices(again.db, back.id)).toEqual([{ ...drop, image: '17' }]);
});

test('a source is looked for beside the project first, which may have been moved with it', async () => {
  const project = await newProject();
  const source = openSource(project, join(project.folder, '../coco/val.json'), join(project.folder, '../val'));
  const moved = { folder: '/elsewhere/project' };
  expect(placesOf(moved, source.coco)).toEqual(['/elsewhere/coco/val.json', join(project.folder, '../coco/val.json')]);
});
