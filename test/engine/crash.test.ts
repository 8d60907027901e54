/** @file A crash of the inference process costs the calls that were waiting, and nothing else. */
import { beforeAll, expect, test } from 'vitest';
import type { App } from '../../src-main/compose.ts';
import { unwrap } from '../../src-main/contract/result.ts';
import { iou } from '../../src-main/mask/boolean.ts';
import { click, drawn, isAlive, mugBox, sampleRequest, scene, startApp, until } from './scene.ts';

let app: App;
const log: string[] = [];
beforeAll(async () => {
  app = await startApp({ log: (line) => log.push(line) });
});

const query = () => app.dispatch('segment.query', { image: { path: scene }, boxes: [mugBox] }, { trusted: true });

test('a query with a box around the mug gives the mug', async () => {
  const { width, height, instances, timing } = unwrap(await query());
  expect([width, height]).toEqual([1280, 854]);
  expect(instances).toHaveLength(1);
  expect(iou(instances[0]!.segmentation, await drawn('mug-blue'))).toBeGreaterThan(0.85);
  expect(timing.encode_ms).toBeGreaterThan(0);
  expect(timing.onnx_ms).toBeLessThanOrEqual(timing.total_ms);
});

test('a killed process rejects what it had and what waited, and the next call works in a new one', async () => {
  unwrap(await query());
  const pid = app.engine.pid!;
  const before = unwrap(await click(app));
  expect(before.timing.encode_ms).toBe(0);

  // Many decoder calls, so that the process is at work when it is killed.
  const work = { ...(await sampleRequest('drink')), profile: 'paper' as const };
  const running = app.dispatch('segment.query', work, { trusted: true });
  const moment = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  await moment(50); // else the click, which is quick, may be answered before
  const [queued, behind] = [click(app), query()];
  await moment(20);
  process.kill(pid, 'SIGKILL');
  for (const lost of await Promise.all([running, queued, behind])) {
    expect(lost).toMatchObject({
      ok: false,
      error: {
        code: 'engine-crashed',
        message: 'The inference process ended by signal SIGKILL before it could answer.',
        hint: expect.stringContaining('repeat the request'),
      },
    });
  }
  expect(log.join('\n')).toContain('SIGKILL');
  await until(() => !isAlive(pid), 'the old process is gone');

  const after = unwrap(await click(app));
  expect(app.engine.pid).not.toBe(pid);
  // Made anew, since embeddings died with the process; the answer is the same.
  expect(after.timing.encode_ms).toBeGreaterThan(0);
  expect(after.candidates).toEqual(before.candidates);
});

test('a process that dies while nothing runs is replaced at the next call, without an error', async () => {
  const idle = await startApp();
  const { pid } = unwrap(await idle.dispatch('engine.status', {}));
  process.kill(pid, 'SIGKILL');
  await until(() => idle.engine.pid !== pid, 'the death is noticed');
  expect(unwrap(await idle.dispatch('engine.status', {})).pid).not.toBe(pid);
});

test('a request that cannot be answered is no crash: the process and its embeddings stay', async () => {
  unwrap(await click(app));
  const pid = app.engine.pid;
  const outside = await click(app, {}, scene, [5000, 10, 1]);
  expect(outside).toMatchObject({
    ok: false,
    error: { code: 'bad-request', message: expect.stringContaining('(5000, 10)') },
  });
  const missing = await click(app, {}, `${scene}.missing`);
  expect(missing).toMatchObject({ ok: false, error: { code: 'not-found' } });
  expect(unwrap(await click(app)).timing.encode_ms).toBe(0);
  expect(app.engine.pid).toBe(pid);
});
