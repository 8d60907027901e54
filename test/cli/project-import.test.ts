/** @file `project import` as it is started: what it says, what it writes, and how it ends. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { novo } from './command.ts';

const home = await mkdtemp(join(tmpdir(), 'novo-import-home-'));
const runCli = (args: string[]) => novo(args, { home });

async function project() {
  const at = await mkdtemp(join(tmpdir(), 'novo-import-'));
  mkdirSync(join(at, 'photos'));
  const picture = sharp({ create: { width: 8, height: 6, channels: 3, background: 'red' } });
  writeFileSync(join(at, 'photos/1.png'), await picture.png().toBuffer());
  const folder = join(at, 'project');
  expect((await runCli(['project', 'new', folder, '--images', join(at, 'photos')])).code).toBe(0);
  const images = ['1.png', 'gone.png'].map((file_name, id) => ({ id, file_name, width: 8, height: 6 }));
  const annotations = [{ id: 1, image_id: 0, segmentation: [[0, 0, 3, 0, 3, 2, 0, 2]] }];
  const file = join(at, 'in.json');
  writeFileSync(file, JSON.stringify({ images, annotations, categories: [] }));
  return { at, folder, file };
}

test('a dry run tells, an import does, and the report is JSON', async () => {
  const { at, folder, file } = await project();
  const would = await runCli(['project', 'import', folder, file, '--dry-run', '--report', '-']);
  expect(would.code).toBe(0);
  expect(would.stderr).toContain('Would import: 1 of 2 images found, 1 of 1 instances.');
  expect(would.stderr).toContain('Left out: 1. The photo is not in the project');
  expect(JSON.parse(would.stdout)).toMatchObject({ dryRun: true, format: 'coco', guessed: true });
  const report = join(at, 'report.json');
  const did = await runCli(['project', 'import', folder, file, '--format', 'coco', '--report', report]);
  expect(did.stderr).toContain('Imported: 1 of 2 images found, 1 of 1 instances.');
  expect(did.stderr).toMatch(/The project as it was before: \S+before-import\.sqlite/);
  expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({ dryRun: false, kept: { instances: 1 } });
  const info = await runCli(['project', 'info', folder, '--json']);
  expect(JSON.parse(info.stdout)).toMatchObject({ instances: 1 });
});

test('what is wrong with the command, and a file that is no format, are said', async () => {
  const { folder, file } = await project();
  for (const args of [[folder], [folder, file, 'more'], [folder, file, '--format', 'xml'], [folder, folder]]) {
    const { code, stderr } = await runCli(['project', 'import', ...args]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^Error: \S/)]);
  }
  expect((await runCli(['project', 'import', folder, `${file}.gone`])).code).toBe(1);
});
