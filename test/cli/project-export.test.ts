/** @file `project export --profile` as somebody does it without a screen. */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { addInstance } from '../../src-main/store/instances.ts';
import { openProject } from '../../src-main/store/project.ts';
import { addQuery } from '../../src-main/store/queries.ts';
import { select } from '../../src-main/store/records.ts';
import { temporaryFolder } from '../engine/scene.ts';
import { masks } from '../formats/coco/project.ts';
import { novo } from './command.ts';

let home: string;
let folder: string;
const project = (...args: string[]) => novo(['project', ...args], { home });

beforeAll(async () => {
  home = await temporaryFolder();
  folder = join(home, 'project');
  await mkdir(join(home, 'photos'));
  const background = { r: 9, g: 99, b: 199 };
  await sharp({ create: { width: 32, height: 20, channels: 3, background } })
    .jpeg()
    .toFile(join(home, 'photos', 'a.jpg'));
  await project('new', folder, '--images', join(home, 'photos'));
  const opened = await openProject(folder, { backupEveryMs: 0 });
  const [image] = select(opened.db, 'image', 'TRUE');
  const imageId = image!.id;
  const query = addQuery(opened.db, { imageId, text: 'What has a hole?' }, { who: 'Kim' }).result;
  for (const name of ['hole', 'parts']) {
    addInstance(opened.db, { imageId, rle: masks(32, 20)[name]!, queryIds: [query.id] }, { who: 'Kim' });
  }
  await opened.close();
});

test('a folder for LISA with its photo, in the split that was asked for, and what was lost on stderr', async () => {
  const out = join(home, 'ReasonSeg');
  const done = await project('export', folder, out, '--profile', 'reasonseg', '--split', 'val');
  expect(done).toMatchObject({ code: 0, stdout: '' });
  expect(done.stderr).toContain('1 answer of several instances became one mask.');
  expect(done.stderr).toContain('1 images, 2 annotations, 0 categories, 1 queries, 2 files');
  expect((await readdir(join(out, 'val'))).sort()).toEqual(['a_q1.jpg', 'a_q1.json']);
  const photo = await readFile(join(home, 'photos', 'a.jpg'));
  expect((await readFile(join(out, 'val', 'a_q1.jpg'))).equals(photo)).toBe(true);
});

test('help names every profile; wrong choices are told with what there is', async () => {
  const help = await project('--help');
  for (const name of ['coco', 'riseg', 'reasonseg', 'sa-co', 'refcoco', 'yolo-seg', 'png']) {
    expect(help.stdout).toContain(`    ${name} `);
  }
  const out = join(home, 'x');
  const wrong: [string[], RegExp][] = [
    [['--profile', 'voc'], /There is no profile "voc"[\s\S]*yolo-seg/],
    [['--photos', 'link'], /--photos is copy or none/],
    [['--split', '../x'], /--split is a plain name/],
  ];
  for (const [args, message] of wrong) {
    const done = await project('export', folder, out, ...args);
    expect(done.code).not.toBe(0);
    expect(done.stderr).toMatch(message);
  }
  expect(await readdir(home)).not.toContain('x');
});
