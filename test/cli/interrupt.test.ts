/** @file An interrupted batch loses nothing: what is done is kept, and going on gives what one run would have given. */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sample, temporaryFolder, until } from '../engine/scene.ts';
import { jsonLines, type Line, novo, resultLines, start } from './command.ts';

const untimed = (lines: Line[]) => lines.map(({ timing: _, ...rest }) => rest);

// Windows has no SIGINT for other processes.
test.skipIf(process.platform === 'win32')('Ctrl+C keeps FILE.part, and --resume goes on from there', async () => {
  const home = await temporaryFolder();
  const requests = join(home, 'requests.jsonl');
  const box = (k: number) => [260 + k, 500, 430, 660];
  const lines = Array.from({ length: 14 }, (_, k) => ({
    id: k,
    image: k === 3 ? 'none.jpg' : 'scene.jpg',
    boxes: [box(k)],
  }));
  await writeFile(requests, jsonLines(lines));
  const batch = (out: string, ...more: string[]) => ['batch', requests, '--root', sample, '--out', out, ...more];

  const whole = join(home, 'whole.jsonl');
  expect((await novo(batch(whole), { home })).code).toBe(1);
  const expected = await resultLines(whole);
  expect(expected).toHaveLength(14);

  const out = join(home, 'out.jsonl');
  const part = `${out}.part`;
  const written = async () => (existsSync(part) ? (await readFile(part, 'utf8')).split('\n').length - 1 : 0);
  const running = start(batch(out), { home });
  await until(async () => (await written()) >= 5, 'some lines are written', 30_000);
  // Twice: a terminal sends it to the whole group, and npm passes it on.
  running.child.kill('SIGINT');
  await until(() => running.output().includes('Stopping'), 'it is heard');
  running.child.kill('SIGINT');
  const stopped = await running.ended;
  expect(stopped).toMatchObject({ code: 1, stdout: '' });
  const kept = await written();
  expect(kept).toBeLessThan(14);
  expect(stopped.stderr).toContain('Stopping ...');
  expect(stopped.stderr).toContain(`${kept} results are kept in ${part}: add --resume to go on from there.`);
  expect(existsSync(out)).toBe(false);

  // Started again without --resume, it does not throw away what is there.
  const again = await novo(batch(out), { home });
  expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('holds the results of an interrupted run') });
  expect(await written()).toBe(kept);

  // As a power cut leaves it: the last line only half written.
  const text = await readFile(part, 'utf8');
  await writeFile(part, text.slice(0, -100));
  const resumed = await novo(batch(out, '--resume'), { home });
  expect(resumed.code).toBe(1); // line 3 failed before the interruption, and that still counts
  expect(resumed.stderr).toContain('14 requests, 1 failed');
  expect(existsSync(part)).toBe(false);
  expect(untimed(await resultLines(out))).toEqual(untimed(expected));
  // Lines before the cut one were not made again: their timing is still that of the first run.
  const lastKept = text.split('\n').slice(0, kept - 1);
  expect((await readFile(out, 'utf8')).split('\n').slice(0, kept - 1)).toEqual(lastKept);
});

test('--resume without anything to go on from is an ordinary run', async () => {
  const home = await temporaryFolder();
  const requests = join(home, 'requests.jsonl');
  await writeFile(requests, jsonLines([{ id: 1, image: 'none.jpg', points: [[1, 1, 1]] }]));
  const out = join(home, 'out.jsonl');
  const { code, stderr } = await novo(['batch', requests, '--out', out, '--resume'], { home });
  expect(code).toBe(1);
  expect(stderr).toContain('1 requests, 1 failed');
  expect(await resultLines(out)).toHaveLength(1);
});

test('--resume with other requests than the run was started with is refused, and what was done is kept', async () => {
  const home = await temporaryFolder();
  const folder = await temporaryFolder();
  const requests = join(folder, 'requests.jsonl');
  const out = join(folder, 'results.jsonl');
  const line = (id: number) => JSON.stringify({ id, image: 'none.jpg', points: [[1, 1, 1]] });
  await writeFile(requests, `${[1, 2, 3].map(line).join('\n')}\n`);
  const earlier = `${[3, 1].map((id) => JSON.stringify({ id, error: { code: 'io', message: 'x' } })).join('\n')}\n`;
  await writeFile(`${out}.part`, earlier);
  const { code, stderr } = await novo(['batch', requests, '--out', out, '--resume'], { home });
  expect(code).toBe(2);
  expect(stderr).toContain('results of other requests');
  expect(await readFile(`${out}.part`, 'utf8')).toBe(earlier);
});
