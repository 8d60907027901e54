/** @file `dataset select`: a table of what there is, and a project of what was chosen. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { datasetCommand } from '../../src-main/cli/dataset.ts';
import { type SelectOptions, selectSettings } from '../../src-main/cli/dataset-select-options.ts';
import type { AppError } from '../../src-main/contract/errors.ts';
import { fillSelection } from '../../src-main/dataset/select-quota.ts';
import { hashFile, readImageInfo } from '../../src-main/engine/image/decode.ts';
import { addImages } from '../../src-main/store/add-images.ts';
import { countRecords } from '../../src-main/store/counts.ts';
import { openProject } from '../../src-main/store/project.ts';
import { tempFolder } from '../api/project-app.ts';
import { novo } from '../cli/command.ts';
import { cocoOf, indexOf, undecided } from './select-coco.ts';

async function folderWith(images: readonly string[]) {
  const home = tempFolder();
  mkdirSync(join(home, 'photos'));
  writeFileSync(join(home, 'coco.json'), JSON.stringify(cocoOf(images)));
  for (const k of images.keys()) {
    const file = join(home, 'photos', `${k}.png`);
    await sharp({ create: { width: 100, height: 80, channels: 3, background: { r: k, g: 9, b: 9 } } }).toFile(file);
  }
  return { home, args: ['--coco', join(home, 'coco.json'), '--images', join(home, 'photos')] };
}

test('the quotas become a project; the same arguments choose the same images; a dry run writes nothing', async () => {
  const { home, args } = await folderWith([...Array(6).fill('cup*2'), ...Array(2).fill('dog*3 cup'), 'cat']);
  const select = (...more: string[]) => novo(['dataset', 'select', ...args, ...more], { home, cwd: home });
  const dry = await select('--per-class', '3', '--dry-run', '--json');
  expect(readdirSync(home).sort()).toEqual(['coco.json', 'photos']);
  const chosen = JSON.parse(dry.stdout) as { images: { fileName: string; class: string }[]; classes: unknown[] };
  expect(chosen.images).toHaveLength(5);
  expect(chosen.classes).toContainEqual(expect.objectContaining({ name: 'dog', supply: 2, wanted: 3, got: 2 }));
  const made = await select('--per-class', '3', '--out', 'project');
  expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('5 images with 14 instances') });
  expect(made.stdout).toMatch(/^ {2}dog +2 +3 +2$/m);
  expect(made.stdout).toMatch(/^5 images; fewer than wanted of 2 classes$/m);
  const project = await openProject(join(home, 'project'), { backupEveryMs: 0 });
  await addImages(project, { head: readImageInfo, hash: hashFile });
  const { images, instances } = countRecords(project.db);
  await project.close();
  expect([images.total, instances]).toEqual([5, 14]);
  const again = await select('--per-class', '3', '--dry-run', '--json');
  expect(again.stdout).toBe(dry.stdout);
});

test('a total without a quota is spread evenly, and classes can be named', () => {
  const index = indexOf(cocoOf([...Array(6).fill('cup*2'), ...Array(6).fill('dog*2'), 'cat*2']));
  const got = (values: SelectOptions) => {
    const { classes } = fillSelection(index, selectSettings(index, values), [], undecided);
    return Object.fromEntries(classes.map(({ category, got }) => [index.categories[category]!.name, got]));
  };
  expect(got({ total: '7' })).toEqual({ cup: 3, dog: 3, cat: 1 });
  expect(got({ class: ['dog'], 'per-class': '4' })).toEqual({ dog: 4 });
  expect(got({ supercategory: 'animal', 'per-class': '4' })).toEqual({ dog: 4, cat: 1 });
  expect(got({ 'per-class': '1', quota: ['dog=5'] })).toEqual({ cup: 1, dog: 5, cat: 1 });
});

test('what does not fit is refused with the reason', async () => {
  const { home, args } = await folderWith(['cup*2']);
  const refused = (...more: string[]) =>
    datasetCommand(['select', ...args, ...more], new AbortController().signal).then(
      () => 'done',
      (error: AppError) => `${error.code}: ${error.message}`,
    );
  const wrong: [string[], string][] = [
    [['--dry-run', '--class', 'cap'], 'no class "cap"; it has cup'],
    [['--dry-run', '--supercategory', 'cap'], 'no supercategory "cap"; it has kitchen'],
    [['--dry-run', '--per-class=-1'], '--per-class is a whole number from 0'],
    [['--dry-run', '--min-share', '2'], '--min-share is a number from 0 to 1'],
    [['--dry-run', '--min-instances', '4', '--max-instances', '3'], '--min-instances is more than --max-instances'],
    [['--dry-run', '--quota', 'cup'], '--quota is NAME=N'],
    [['--dry-run', '--min-instances', '9'], 'No image fits'],
    [[], 'needs --coco, --images, and --out or --dry-run'],
    [['--out', home, '--wrong'], "'--wrong'"],
  ];
  for (const [more, message] of wrong) expect(await refused(...more)).toContain(message);
  expect(readdirSync(home).sort()).toEqual(['coco.json', 'photos']);
  const project = join(home, 'here');
  expect(await refused('--out', project)).toBe('done');
  expect(await refused('--out', project)).toBe(`bad-request: There is a project in ${project} already.`);
  await expect(datasetCommand(['selct'], new AbortController().signal)).rejects.toThrow('no "dataset selct"');
});
