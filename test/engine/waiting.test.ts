/** @file While a model server thinks about a query, clicks are answered. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { compose } from '../../src-main/compose.ts';
import { unwrap } from '../../src-main/contract/result.ts';
import { completion, json, startServer } from '../endpoint/server.ts';

const path = join(import.meta.dirname, '../../resources/sample/scene.jpg');

/** The application with one endpoint, in a home of its own. */
async function appWith(baseUrl: string) {
  const home = await mkdtemp(join(tmpdir(), 'novo-waiting-'));
  const app = compose({ provider: 'cpu', env: { NOVO_HOME: home } });
  onTestFinished(async () => {
    await app.close();
    await rm(home, { recursive: true, force: true });
  });
  const endpoint = {
    baseUrl,
    model: 'served',
    coordinates: { space: 'relative', scale: 1000, order: 'xy', boxForm: 'xyxy' },
    imageRule: { multipleOf: 1, minPixels: 1, maxPixels: 1_000_000 },
    budget: { maxTokens: 500, maxRounds: 2, maxSeconds: 60 },
  } as const;
  unwrap(await app.dispatch('endpoints.save', { id: 'chat', title: 'Chat', endpoint }));
  return app;
}

test('a click does not wait for the answer to a query, and the query is answered all the same', async () => {
  let answer: (() => void) | undefined;
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  let reply: (() => void) | undefined;
  const server = await startServer([
    (response, request) => {
      answer!();
      reply = () => {
        const content = JSON.stringify([{ bbox_2d: [250, 480, 440, 660] }]);
        (json(completion({ content })) as Exclude<ReturnType<typeof json>, string>)(response, request);
      };
    },
  ]);
  onTestFinished(() => server.close());
  const app = await appWith(server.baseUrl);
  const query = app.dispatch(
    'segment.query',
    { image: { path }, query: 'what could one drink from?', reasoner: 'chat' },
    { trusted: true },
  );
  await asked;
  const click = await app.dispatch('segment.click', { image: { path }, points: [[330, 580, 1]] }, { trusted: true });
  expect(unwrap(click).candidates.length).toBeGreaterThan(0);
  reply!();
  expect(unwrap(await query).instances).toHaveLength(1);
});

test('closing while a query waits for its answer ends it', async () => {
  let answer: (() => void) | undefined;
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const server = await startServer([() => answer!()]);
  onTestFinished(() => server.close());
  const app = await appWith(server.baseUrl);
  const query = app.dispatch(
    'segment.query',
    { image: { path }, query: 'what could one drink from?', reasoner: 'chat' },
    { trusted: true },
  );
  await asked;
  await app.close();
  expect(await query).toMatchObject({ ok: false, error: { code: 'cancelled' } });
});
