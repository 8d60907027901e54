/** @file `batch`: one line in, one line out, in the same order, whatever the file looks like. */
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { iou } from '../../src-main/mask/boolean.ts';
import { drawn, mugBox, sample, temporaryFolder } from '../engine/scene.ts';
import { jsonLines, novo, resultLines } from './command.ts';

let home: string;
beforeAll(async () => {
  home = await temporaryFolder();
});

const box = (id: string | number, [x1, y1, x2, y2]: readonly number[]) => ({
  id,
  image: 'scene.jpg',
  boxes: [[x1, y1, x2, y2]],
});

test('results come in the order of the requests with their ids, text and number, and a broken image costs its line', async () => {
  const requests = join(home, 'requests.jsonl');
  const out = join(home, 'results.jsonl');
  const ids = ['z', 10, 'broken', '9', 2];
  const lines = ids.map((id) => box(id, id === 'z' ? mugBox : [780, 488, 926, 624]));
  lines[2]!.image = 'none.jpg';
  // As Windows editors write it: a byte order mark, CRLF, empty lines, and no end of the last line.
  await writeFile(requests, `\uFEFF${jsonLines(lines).replaceAll('\n', '\r\n\r\n').trimEnd()}`);
  const { code, stdout, stderr } = await novo(['batch', requests, '--root', sample, '--out', out], { home });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('broken: ');
  expect(stderr).toMatch(/5 requests, 1 failed, in \d+:\d\d: .*results\.jsonl\n$/);
  const results = await resultLines(out);
  expect(results.map(({ id }) => id)).toEqual(ids);
  expect(results.map(({ error }) => error?.code)).toEqual([undefined, undefined, 'not-found', undefined, undefined]);
  expect(iou(results[0]!.instances![0]!.segmentation, await drawn('mug-blue'))).toBeGreaterThan(0.85);
  expect(iou(results[1]!.instances![0]!.segmentation, await drawn('mug-white'))).toBeGreaterThan(0.85);
  expect(results[4]!.refined).toEqual(results[1]!.refined);
  // One photo: encoded for the first request only.
  expect(results.map(({ timing }) => (timing ? timing.encode_ms > 0 : null))).toEqual([
    true,
    false,
    null,
    false,
    false,
  ]);
  expect((await readdir(home)).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('an empty file of requests is an empty file of results', async () => {
  await writeFile(join(home, 'none.jsonl'), '\n\n');
  const out = join(home, 'no-results.jsonl');
  const { code } = await novo(['batch', join(home, 'none.jsonl'), '--out', out], { home });
  expect(code).toBe(0);
  expect(await readFile(out, 'utf8')).toBe('');
});

test('a run that cannot begin says why, and leaves nothing', async () => {
  const folder = await temporaryFolder();
  const requests = join(folder, 'requests.jsonl');
  await writeFile(requests, jsonLines([box(1, mugBox)]));
  await mkdir(join(folder, 'closed'));
  await chmod(join(folder, 'closed'), 0o500);
  await writeFile(join(folder, 'long.jsonl'), `[${'{},'.repeat(12_000_000)}{}]`);
  const out = join(folder, 'out.jsonl');
  const wrong: [string[], number, RegExp][] = [
    [[join(folder, 'nowhere.jsonl'), '--out', out], 1, /There is no file of requests .*nowhere\.jsonl/],
    [[folder, '--out', out], 1, /There is no file of requests/],
    [
      [requests, '--out', join(folder, 'no', 'out.jsonl')],
      1,
      /out\.jsonl cannot be written: .*\n {2}Check that its folder exists/,
    ],
    [[requests, '--out', folder], 2, /is a folder; --out is the file/],
    [[join(folder, 'long.jsonl'), '--out', out], 2, /Line 1 of .*long\.jsonl is longer than 32 MiB/],
  ];
  // A superuser may write anywhere, so this one can only be tried as another user.
  if (process.getuid?.() !== 0 && process.platform !== 'win32') {
    wrong.push([[requests, '--out', join(folder, 'closed', 'out.jsonl')], 1, /cannot be written: EACCES/]);
  }
  for (const [args, expected, message] of wrong) {
    const { code, stdout, stderr } = await novo(['batch', ...args], { home });
    expect({ args, code, stdout }, stderr).toEqual({ args, code: expected, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('This is a bug');
  }
  await chmod(join(folder, 'closed'), 0o700);
  expect((await readdir(folder)).sort()).toEqual(['closed', 'long.jsonl', 'requests.jsonl']);
});
