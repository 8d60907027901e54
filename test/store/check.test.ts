/**
 * @file A check names everything that is wrong, each with what to do, and finds nothing in a sound project.
 */
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addImages } from '../../src-main/store/add-images.ts';
import { checkProject } from '../../src-main/store/check.ts';
import { listImages } from '../../src-main/store/images.ts';
import { addInstance } from '../../src-main/store/instances.ts';
import { propose } from '../../src-main/store/proposals.ts';
import { addQuery } from '../../src-main/store/queries.ts';
import { newProject, photo, readers, row, someRun, tempFolder } from './helper.ts';

async function sound() {
  const folder = tempFolder();
  for (const name of ['a.jpg', 'b.jpg']) photo(join(folder, 'photos'), name);
  const project = await newProject(folder, [join(folder, 'photos')]);
  await addImages(project, readers());
  const [a, b] = listImages(project.db).map(({ id }) => id);
  const query = addQuery(project.db, { imageId: a!, text: 'what?' }, {}).result;
  const instance = (x: number) =>
    addInstance(project.db, { imageId: a!, rle: row(x, x + 2), queryIds: [query.id] }, {}).result.id;
  const other = addQuery(project.db, { imageId: b!, text: 'what?' }, {}).result;
  propose(project.db, other.id, { run: someRun, proposals: [{ rle: row(0, 3), score: 1 }] }, {});
  return { folder, project, query, other, ids: [instance(0), instance(3)] };
}

test('a sound project has no finding', async () => {
  const { project } = await sound();
  expect(await checkProject(project, readers())).toEqual([]);
});

const harms: readonly [code: string, sql: string][] = [
  ['broken-link', 'DELETE FROM instance WHERE id = 1'],
  ['no-target-with-instances', 'UPDATE query SET no_target = 1 WHERE id = 1'],
  ['accepted-without-answer', "UPDATE query SET status = 'accepted' WHERE id = 2"],
  ['proposed-without-proposals', 'DELETE FROM proposal'],
  ['duplicate-instance', 'UPDATE instance SET counts = (SELECT counts FROM instance WHERE id = 1) WHERE id = 2'],
  ['other-image', 'UPDATE instance SET image_id = 2 WHERE id = 1'],
  ['rank-gap', 'UPDATE query_instance SET rank = instance_id + 1'],
  ['rank-gap', 'UPDATE query_instance SET rank = 1'],
  ['accepted-proposal-without-instance', "UPDATE proposal SET status = 'accepted'"],
  ['same-query', 'UPDATE query SET image_id = 1'],
  ['mask-size', 'UPDATE image SET width = 9 WHERE id = 1'],
  ['mask-damaged', "UPDATE instance SET counts = '5' WHERE id = 2"],
  ['mask-numbers', 'UPDATE instance SET area = 3 WHERE id = 2'],
  ['mask-numbers', "UPDATE proposal SET bbox = '[0,0,1,1]'"],
];

test.each(harms)('%s is found after: %s', async (code, sql) => {
  const { project } = await sound();
  project.db.pragma('foreign_keys = OFF');
  project.db.exec(sql);
  const findings = await checkProject(project);
  const found = findings.find((finding) => finding.code === code);
  expect(found?.what).toMatch(/^[A-Z].*\.$/);
  expect(found?.todo).toMatch(/^[A-Z].*\.$/);
});

test('missing and changed files, and a missing folder, are found', async () => {
  const { folder, project } = await sound();
  rmSync(join(folder, 'photos', 'a.jpg'));
  photo(join(folder, 'photos'), 'b.jpg', 'another');
  expect((await checkProject(project, readers())).map(({ code }) => code)).toEqual(['file-missing', 'file-changed']);
  renameSync(join(folder, 'photos'), join(folder, 'gone'));
  expect((await checkProject(project, readers())).map(({ code }) => code)).toEqual(['root-missing']);
});
