/** @file The inference process never outlives the one that it works for. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { unwrap } from '../../src-main/contract/result.ts';
import { click, isAlive, scene, startApp, temporaryFolder, until } from './scene.ts';

test('close() ends the process and answers what still waits', async () => {
  const app = await startApp();
  unwrap(await click(app));
  const pid = app.engine.pid!;
  expect(isAlive(pid)).toBe(true);
  const waiting = [click(app), click(app)];
  app.close();
  for (const answer of await Promise.all(waiting)) {
    expect(answer).toMatchObject({ ok: false, error: { code: 'cancelled', message: 'The application is closing.' } });
  }
  await until(() => !isAlive(pid), 'the process ends');
  expect(app.engine.pid).toBeUndefined();
  expect(await click(app)).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect(app.engine.pid).toBeUndefined();
});

test('no process is started before something needs one', async () => {
  const app = await startApp();
  unwrap(await app.dispatch('models.list', {}));
  expect(app.engine.pid).toBeUndefined();
});

test('when its parent is killed in the middle of a query, the process ends by itself', async () => {
  const parent = spawn(process.execPath, [join(import.meta.dirname, '../fixtures/engine/parent.ts'), scene], {
    env: { ...process.env, NOVO_HOME: await temporaryFolder() },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(said.toString());
  expect(pid).toBeGreaterThan(1);
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  await until(() => !isAlive(pid), 'the orphan ends', 5000);
});
