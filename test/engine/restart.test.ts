/** @file A process that keeps crashing is not started over and over, and a provider that crashes is not tried again. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createEngineClient, type EngineClient } from '../../src-main/engine/engine-client.ts';
import { forkEngine } from '../../src-main/engine/fork-port.ts';

const fixtures = join(import.meta.dirname, '../fixtures/engine');
const load = (engine: EngineClient) => engine.call('engine.load', { pack: 'mobile-sam' });

function client(script: string, env: Record<string, string> = {}) {
  const starts: number[] = [];
  const log: string[] = [];
  const states: string[] = [];
  const engine = createEngineClient({
    spawn: () => {
      starts.push(performance.now());
      return forkEngine(join(fixtures, script), { ...process.env, ...env });
    },
    settings: { provider: 'auto', embeddingBytes: 1 },
    log: (line) => log.push(line),
    onState: (state, message) => states.push(message === null ? state : `${state}: ${message}`),
    pauseMs: 300,
    maxPauseMs: 700,
  });
  return { engine, starts, log, states };
}

test('every crash is told to its caller, and the pause before the next start grows up to its limit', async () => {
  const { engine, starts, log, states } = client('ends-at-once.mjs');
  const ends: number[] = [];
  for (let attempt = 0; attempt < 5; attempt++) {
    await expect(load(engine)).rejects.toMatchObject({
      code: 'engine-crashed',
      message: 'The inference process ended with exit code 3 before it could answer.',
    });
    ends.push(performance.now());
  }
  engine.close();
  expect(states.slice(0, 4)).toEqual([
    'starting',
    'crashed: The inference process ended with exit code 3. It starts again by itself.',
    'starting',
    'crashed: The inference process ended with exit code 3. It starts again by itself.',
  ]);
  // From the end of one process to the start of the next: at once, then 300, 600, and 700 for 1200.
  const pauses = starts.slice(1).map((start, k) => start - ends[k]!);
  expect(pauses[0]).toBeLessThan(250);
  expect(pauses[1]).toBeGreaterThan(280);
  expect(pauses[2]).toBeGreaterThan(580);
  expect(pauses[3]).toBeGreaterThan(680);
  expect(pauses[3]).toBeLessThan(1150);
  // What the process printed is kept as the reason.
  expect(log).toHaveLength(5);
  expect(log[0]).toContain('no room left for weights');
});

test('a call during the pause waits for the next process instead of failing, and can be cancelled there', async () => {
  const { engine, starts } = client('ends-at-once.mjs');
  for (let attempt = 0; attempt < 2; attempt++) await load(engine).catch(() => undefined);
  const controller = new AbortController();
  const waiting = engine.call('engine.load', { pack: 'mobile-sam' }, { signal: controller.signal });
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
  await expect(load(engine)).rejects.toMatchObject({ code: 'engine-crashed' });
  expect(starts).toHaveLength(3);
  engine.close();
  await expect(load(engine)).rejects.toMatchObject({ code: 'cancelled', message: 'The application is closing.' });
});

test('a provider that ended the process is skipped by the next one, and the call is answered there', async () => {
  const { engine, starts, log } = client('dies-trying.mjs', { NOVO_DIES_TRYING: 'webgpu' });
  expect(await load(engine)).toMatchObject({
    provider: { used: 'cpu', refused: [{ provider: 'webgpu' }] },
  });
  expect(starts).toHaveLength(2);
  expect(log.join()).toContain('ended by signal SIGKILL while it tried the provider webgpu');
  engine.close();
});

test('the last provider is not tried for ever: its crash is told to the caller', async () => {
  const { engine, starts } = client('dies-trying.mjs', { NOVO_DIES_TRYING: 'cpu' });
  await expect(load(engine)).rejects.toMatchObject({ code: 'engine-crashed' });
  await expect(load(engine)).rejects.toMatchObject({ code: 'engine-crashed' });
  expect(starts).toHaveLength(2);
  engine.close();
});
