/** @file Calls that nobody waits for any more make room at once. */
import { beforeAll, expect, test } from 'vitest';
import type { App } from '../../src-main/compose.ts';
import { unwrap } from '../../src-main/contract/result.ts';
import { iou } from '../../src-main/mask/boolean.ts';
import { click, drawn, mugPoint, sampleRequest, scene, startApp, teapotPoint } from './scene.ts';

let app: App;
let request: Awaited<ReturnType<typeof sampleRequest>>;
beforeAll(async () => {
  app = await startApp();
  request = await sampleRequest('drink');
  unwrap(await click(app));
});

/** Many decoder calls: long enough to be cut short. */
const long = (options: { signal?: AbortSignal } = {}) =>
  app.dispatch('segment.query', request, { trusted: true, ...options });

test('the newest click of a lane wins, whether the older one waits or runs', async () => {
  const lane = 'clicks';
  const [older, waiting, newest] = await Promise.all([
    click(app, { lane }, scene, mugPoint),
    click(app, { lane }, scene, mugPoint),
    click(app, { lane }, scene, teapotPoint),
  ]);
  for (const lost of [older, waiting]) {
    expect(lost).toMatchObject({
      ok: false,
      error: { code: 'cancelled', message: 'A newer request took the place of this one.' },
    });
  }
  const teapot = await drawn('teapot');
  const best = Math.max(...unwrap(newest).candidates.map(({ segmentation }) => iou(segmentation, teapot)));
  expect(best).toBeGreaterThan(0.7);
});

test('calls of other lanes, and those without one, are left alone', async () => {
  const answers = await Promise.all([click(app, { lane: 'a' }), click(app, { lane: 'b' }), click(app), click(app)]);
  for (const answer of answers) expect(unwrap(answer).candidates.length).toBeGreaterThan(0);
});

test('a cancelled query is answered at once, and its work ends soon after', async () => {
  const start = performance.now();
  const whole = unwrap(await long());
  const wholeMs = performance.now() - start;
  expect(whole.timing.decoder_calls).toBeGreaterThan(10);

  const controller = new AbortController();
  // Both are long: a click might be prepared sooner, overtake the query and be answered before anything is cancelled.
  const running = long({ signal: controller.signal });
  const queued = long({ signal: controller.signal });
  // Soon enough also where the first run was slow: that one opened the model and encoded the photo.
  await new Promise((resolve) => setTimeout(resolve, Math.min(60, wholeMs / 8)));
  const cancelled = performance.now();
  controller.abort();
  for (const answer of [await running, await queued])
    expect(answer).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect(performance.now() - cancelled).toBeLessThan(100);

  unwrap(await click(app));
  // The rest of the queries, most of the first and all of the second, was not worked off before the click.
  expect(performance.now() - cancelled).toBeLessThan(wholeMs / 2);
});
