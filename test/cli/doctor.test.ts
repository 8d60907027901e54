/** @file `doctor` says what works and what does not; and readers that stop reading do no harm. */
import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../engine/scene.ts';
import { writePack } from '../packs/sample.ts';
import { jsonLines, novo, start } from './command.ts';

test('a sound machine: every line is ok or a note, with the provider in use and the time of a click', async () => {
  const home = await temporaryFolder();
  const { code, stdout, stderr } = await novo(['doctor'], { home });
  expect(code, stderr).toBe(0);
  expect(stdout).toContain(`ok    Node ${process.versions.node}`);
  expect(stdout).toContain(`ok    data folder ${home}`);
  expect(stdout).toContain('ok    pack mobile-sam (segmenter, 44.6 MB) is intact');
  expect(stdout).toContain('note  no endpoint is set up');
  expect(stdout).toContain('ok    models run on cpu');
  expect(stdout).toMatch(/ok {4}next click: [\d.]+ m?s\n$/);
  for (const line of stdout.trimEnd().split('\n')) expect(line).toMatch(/^(ok|note) +\S/);
});

test('what is broken is named, the rest is still checked, and the exit code is 1', async () => {
  const home = await temporaryFolder();
  await mkdir(join(home, 'packs', 'half'), { recursive: true });
  await writeFile(join(home, 'packs', 'half', 'pack.json'), '{ "schema": 1, "id": "half"');
  // Nothing listens at this endpoint.
  await writePack(join(home, 'packs', 'far'), 'far', {});
  const text = await readFile(join(home, 'packs', 'far', 'pack.json'), 'utf8');
  await writeFile(join(home, 'packs', 'far', 'pack.json'), text.replace('localhost:1234', '127.0.0.1:9'));
  const { code, stdout } = await novo(['doctor'], { home });
  expect(code).toBe(1);
  expect(stdout).toMatch(/FAIL +\S*half: /);
  expect(stdout).toMatch(/FAIL +endpoint far: .*127\.0\.0\.1:9/);
  expect(stdout).toContain('pack mobile-sam (segmenter, 44.6 MB) is intact');
  expect(stdout).toContain('models run on cpu');
});

test.skipIf(process.platform === 'win32')('a data folder that cannot be used is said, with the way out', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'file'), '');
  const { code, stdout } = await novo(['doctor'], { home: join(folder, 'file', 'home') });
  expect(code).toBe(1);
  expect(stdout).toMatch(/FAIL +the data folder .* cannot be written: .*NOVO_HOME/);
});

test('a reader that closes stdout early is no crash', async () => {
  const home = await temporaryFolder();
  const running = start(['doctor'], { home });
  running.child.stdout!.once('data', () => running.child.stdout!.destroy());
  const { code, signal, stderr } = await running.ended;
  expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
});

test.skipIf(process.platform === 'win32')('a reader that closes stderr early does not stop the work', async () => {
  const home = await temporaryFolder();
  const requests = join(home, 'requests.jsonl');
  const out = join(home, 'out.jsonl');
  await writeFile(
    requests,
    jsonLines(Array.from({ length: 200 }, (_, id) => ({ id, image: 'none.jpg', points: [[1, 1, 1]] }))),
  );
  const cli = join(import.meta.dirname, '../../src-main/cli.ts');
  const command = `"$0" "$1" batch "$2" --out "$3" 2>&1 | head -1; exit "\${PIPESTATUS[0]}"`;
  const child = spawn('bash', ['-c', command, process.execPath, cli, requests, out], {
    env: { ...process.env, NOVO_HOME: home, NOVO_PROVIDER: 'cpu' },
    stdio: 'ignore',
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(code).toBe(1); // because its lines failed
  expect((await readFile(out, 'utf8')).trim().split('\n')).toHaveLength(200);
});
