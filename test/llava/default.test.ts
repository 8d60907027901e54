/** @file A language model that is installed answers queries that name no reasoner: through the application and the command line. */
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chosenReasoner } from '../../src-main/contract/chosen-reasoner.ts';
import type { LlavaPack } from '../../src-main/contract/pack.ts';
import { unwrap } from '../../src-main/contract/result.ts';
import { endpointSpecFor } from '../../src-main/engine/endpoint/conventions.ts';
import { jsonLines, novo, resultLines } from '../cli/command.ts';
import { startApp, temporaryFolder } from '../engine/scene.ts';
import { bundledTiny, fixtures, homeWithPack, packFolder, picture } from './tiny.ts';

const packs = await bundledTiny();
const image = { path: picture };
const nothing = { query: 'what can fly?', answer: 'nothing here can fly.' };

test('the one that was chosen answers while it is ready, else the first that is', () => {
  const [here, far, away] = [
    { id: 'here', ready: true },
    { id: 'far', ready: true },
    { id: 'away', ready: false },
  ];
  expect(chosenReasoner([here, far, away], null)).toBe(here);
  expect(chosenReasoner([here, far, away], 'far')).toBe(far);
  expect(chosenReasoner([here, far, away], 'away')).toBe(here);
  expect(chosenReasoner([here, far, away], 'unknown')).toBe(here);
  expect(chosenReasoner([away], 'away')).toBeNull();
});

test('a bundled model answers by itself, before an endpoint that is set up, and evidence needs none', async () => {
  const app = await startApp({ env: { NOVO_HOME: await temporaryFolder(), NOVO_PACKS: packs } });
  const endpoint = endpointSpecFor('http://127.0.0.1:9/v1', 'qwen3-vl');
  unwrap(await app.dispatch('endpoints.save', { id: 'far', title: 'Far', endpoint }));
  const asked = unwrap(await app.dispatch('segment.query', { image, query: nothing.query }, { trusted: true }));
  expect(asked).toMatchObject({ reasoner: 'tiny-llava', answer: nothing.answer, instances: [] });
  const points: [number, number, 1][] = [[16, 10, 1]];
  const clicked = await app.dispatch('segment.query', { image, query: nothing.query, points }, { trusted: true });
  expect(unwrap(clicked)).not.toHaveProperty('reasoner');
  // Who chose the endpoint gets the endpoint, and hears that it is not there.
  unwrap(await app.dispatch('settings.write', { reasoner: 'far' }));
  const far = await app.dispatch('segment.query', { image, query: nothing.query }, { trusted: true });
  expect(far).toMatchObject({ ok: false, error: { code: 'endpoint' } });
});

test('a damaged model is no default: the message says what to do, as without any', async () => {
  const home = await homeWithPack();
  const app = await startApp({ env: { NOVO_HOME: home } });
  await truncate(join(packFolder(home), 'language_model.onnx'), 1000);
  expect(unwrap(await app.dispatch('reasoners.list', {}))).toMatchObject({ chosen: null });
  const failed = await app.dispatch('segment.query', { image, query: nothing.query }, { trusted: true });
  expect(failed).toMatchObject({ ok: false, error: { message: expect.stringContaining('No reasoner is chosen') } });
});

test('segment, batch, models list and doctor', async () => {
  const home = await temporaryFolder();
  const options = { home, env: { NOVO_PACKS: packs } };
  const one = await novo(['segment', picture, '--query', nothing.query], options);
  expect(JSON.parse(one.stdout)).toMatchObject({ reasoner: 'tiny-llava', answer: nothing.answer });
  expect(one.stderr).toContain('0 instances by tiny-llava in');
  const requests = join(home, 'requests.jsonl');
  const out = join(home, 'out.jsonl');
  await writeFile(requests, jsonLines([{ id: 1, image: 'picture.png', query: nothing.query }]));
  const many = await novo(['batch', requests, '--root', fixtures, '--out', out], options);
  expect(many.code, many.stderr).toBe(0);
  expect(await resultLines(out)).toMatchObject([{ id: 1, reasoner: 'tiny-llava', answer: nothing.answer }]);
  const list = await novo(['models', 'list'], options);
  expect(list.stdout).toMatch(
    /tiny-llava {2}llava-seg.*knows: Nothing: it exists.*answers queries that name no reasoner/s,
  );
  expect(JSON.parse((await novo(['models', 'list', '--json'], options)).stdout)).toMatchObject({
    reasoner: 'tiny-llava',
  });
  const doctor = await novo(['doctor'], options);
  expect(doctor.stdout).toContain('ok    queries in words go to tiny-llava. It knows: Nothing: it exists for tests');
});

test('scores fall as the pack says, and the answer tells why', async () => {
  const ask = async (confidence?: unknown) => {
    const change = (pack: LlavaPack) => Object.assign(pack.llava, confidence === undefined ? {} : { confidence });
    const app = await startApp({ env: { NOVO_HOME: await homeWithPack(change) } });
    const query = 'which two can be read?';
    return unwrap(await app.dispatch('segment.query', { image, query }, { trusted: true }));
  };
  const plain = await ask();
  expect(plain.confidence).toHaveLength(2);
  for (const { segProbability, similarity, factor } of plain.confidence!) {
    expect(segProbability).toBeGreaterThan(0.5);
    expect(segProbability).toBeLessThanOrEqual(1);
    expect(similarity).toBeGreaterThan(0);
    expect(factor).toBe(1);
  }
  expect(plain.instances.length).toBeGreaterThan(0);
  const half = await ask({ similarity: { none: -10, full: 10 } });
  expect(half.instances).toHaveLength(plain.instances.length);
  for (const { factor, similarity } of half.confidence!) expect(factor).toBeCloseTo((similarity! + 10) / 20);
  const scores = (found: typeof plain) => found.instances.map(({ score }) => score);
  for (const [k, score] of scores(half).entries())
    expect(score / scores(plain)[k]!).toBeCloseTo(half.confidence![0]!.factor, 1);
});
