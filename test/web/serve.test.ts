import { spawn } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { envelope, eventually, temporaryFolder } from './host.ts';

const cli = join(import.meta.dirname, '../../src-main/cli.ts');

function serve(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [cli, 'serve', ...args], { env: { ...process.env, ...env } });
  onTestFinished(() => void child.kill('SIGKILL'));
  const seen = { stdout: '', stderr: '', code: undefined as number | null | undefined };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    seen.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    seen.stderr += text;
  });
  child.on('close', (code) => {
    seen.code = code;
  });
  return { child, seen };
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('serve prints one address, answers there, and ends on a signal with its engine', async () => {
  const { child, seen } = serve(['--port', '0', '--provider', 'cpu'], { NOVO_HOME: await temporaryFolder() });
  await eventually(() => seen.stdout.includes('\n'));
  const [, port, token] = /^http:\/\/127\.0\.0\.1:(\d+)\/#token=([\w-]{43})\n$/.exec(seen.stdout) ?? [];
  const call = (method: string) =>
    fetch(`http://127.0.0.1:${port}/rpc/${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    }).then(envelope);
  const { value } = await call('engine.status');
  expect(isAlive(value.pid)).toBe(true);
  const pending = call('engine.load');
  // On its way to the engine, which takes about a second for it.
  await new Promise((resolve) => setTimeout(resolve, 200));
  child.kill('SIGTERM');
  expect(await pending).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  await eventually(() => seen.code !== undefined);
  expect(seen.code).toBe(0);
  await eventually(() => !isAlive(value.pid));
  expect(seen.stdout.trim().split('\n')).toHaveLength(1);
  expect(seen.stderr).toContain('Ctrl+C');
});

test('a port in use, and a port that is none, say what to do', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  const [taken, wrong] = [serve(['--port', `${port}`]).seen, serve(['--port', '80000']).seen];
  await eventually(() => taken.code !== undefined && wrong.code !== undefined);
  expect([taken.code, taken.stdout, wrong.code]).toEqual([1, '', 2]);
  expect(taken.stderr).toMatch(new RegExp(`Port ${port} is in use.*--port`, 's'));
  expect(wrong.stderr).toContain('0 to 65535');
});

test.skipIf(process.platform !== 'linux')(
  '--open gives the address to the browser; without one it says so',
  async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'xdg-open'), `#!/bin/sh\nprintf '%s' "$1" > "${folder}/opened"\n`);
    await chmod(join(folder, 'xdg-open'), 0o755);
    const good = serve(['--port', '0', '--open'], { PATH: `${folder}${delimiter}${process.env['PATH']}` }).seen;
    const bad = serve(['--port', '0', '--open'], { PATH: join(folder, 'empty') }).seen;
    await eventually(() => bad.stderr.includes('could not be opened') && good.stdout.includes('\n'));
    expect(bad.stdout).toContain('#token=');
    let opened = '';
    for (let k = 0; k < 100 && opened === ''; k++) {
      opened = await readFile(join(folder, 'opened'), 'utf8').catch(() => '');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(opened).toBe(good.stdout.trim());
  },
);
