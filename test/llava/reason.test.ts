/** @file A llava-seg pack says here what it says in PyTorch: tokens, hidden states, similarity maps, words. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createEmbeddingCache } from '../../src-main/engine/embedding-cache.ts';
import { similarityMap } from '../../src-main/engine/llava/similarity.ts';
import { ask, expected, fixtures, homeWithPack, openTiny, packFolder } from './tiny.ts';

const model = await openTiny();
const own = await openTiny(undefined, { hiddenState: 'at' });

/** Largest difference of two lists of lists of numbers. */
function difference(ours: readonly ArrayLike<number>[], theirs: readonly number[][]): number {
  expect(ours.map(({ length }) => length)).toEqual(theirs.map(({ length }) => length));
  return Math.max(0, ...theirs.flatMap((row, k) => row.map((value, i) => Math.abs(value - ours[k]![i]!))));
}

test.each(expected)('"$query" with the state $hiddenState <SEG> equals PyTorch', async (wanted) => {
  const found = await ask(wanted.hiddenState === 'at' ? own : model, wanted.query);
  expect(found.ids).toEqual(wanted.ids);
  // For people there is no space where a <SEG> stood before a full stop.
  expect(found.answer).toBe(wanted.text.replace(' .', '.').trim());
  const hidden = found.maps.map((map) => map.hidden);
  expect(difference(hidden, wanted.hidden)).toBeLessThan(1e-3);
  const maps = found.maps.map(({ activation }) => activation.values);
  expect(difference(maps, wanted.maps)).toBeLessThan(1e-3);
  for (const { activation } of found.maps) expect(activation.grid).toEqual([4, 4]);
});

test('the fixtures hold an answer with one <SEG>, with several, and with none', () => {
  expect(new Set(expected.map(({ maps }) => maps.length))).toEqual(new Set([0, 1, 2]));
});

test('no <SEG>: no map, and the words are kept', async () => {
  const { answer, maps } = await ask(model, 'what can fly?');
  expect(maps).toEqual([]);
  expect(answer).toBe('nothing here can fly.');
});

test('with a bias against it <SEG> is said only where the model is sure; how sure it is stays the same', async () => {
  const { segToken } = model.spec;
  const biased = (bias: number) => openTiny(undefined, { segToken: { ...segToken, bias } });
  const plain = await ask(model, 'what holds tea?');
  const sure = await ask(await biased(-0.01), 'what holds tea?');
  expect(sure.ids).toEqual(plain.ids);
  expect(sure.maps.map(({ probability }) => probability)).toEqual(plain.maps.map(({ probability }) => probability));
  const unsure = await ask(await biased(-100), 'what holds tea?');
  expect(unsure.ids).not.toContain(segToken.id);
  expect(unsure.maps).toEqual([]);
});

test('several <SEG>: a map each, named by the words before it', async () => {
  const { maps } = await ask(model, 'which two can be read?');
  expect(maps.map(({ label }) => label)).toEqual(['the book', 'the map']);
  expect(maps[0]!.activation.values).not.toEqual(maps[1]!.activation.values);
});

test('the answer is told as it is said, and the pieces make the answer', async () => {
  const { answer, steps } = await ask(model, 'what can fly?');
  const said = steps.filter(({ kind }) => kind === 'answer');
  expect(said.length).toBeGreaterThan(2);
  expect(said.map(({ continues }) => continues ?? false)).toEqual(said.map((_, k) => k > 0));
  expect(said.map(({ text }) => text).join('')).toBe(answer);
  expect(steps[0]).toEqual({ kind: 'question', text: '<s>USER: <image> what can fly? ASSISTANT:' });
});

test('the second query on a photo reads its own words only, and says the same as in a fresh memory', async () => {
  const memory = createEmbeddingCache(1 << 20);
  const first = await ask(model, 'what holds tea?', { memory });
  const again = await ask(model, 'which two can be read?', { memory });
  const fresh = await ask(model, 'which two can be read?');
  expect([first.decoded, again.decoded]).toEqual([1, 0]);
  // Vision, the words before the photo, and the photo itself.
  expect(fresh.runs - again.runs).toBe(3);
  expect(again.ids).toEqual(fresh.ids);
  expect(again.maps).toEqual(fresh.maps);
  expect(memory.count).toBe(1);
  expect(memory.bytes).toBeGreaterThan(16 * 32 * 4);
});

test('a language model in half precision keeps its cache in half precision and says the same', async () => {
  const half = await openTiny(packFolder(await homeWithPack(undefined, 'fp16')));
  for (const wanted of expected.filter(({ hiddenState }) => hiddenState === 'predicting')) {
    const found = await ask(half, wanted.query);
    expect(found.ids).toEqual(wanted.ids);
    const maps = found.maps.map(({ activation }) => activation.values);
    expect(difference(maps, wanted.maps)).toBeLessThan(0.05);
  }
});

test('a language model in 4 bits, its weights in a file of their own, says the same on the CPU', async () => {
  const home = await homeWithPack(undefined, 'int4');
  const small = await openTiny(packFolder(home));
  for (const wanted of expected.filter(({ hiddenState }) => hiddenState === 'predicting')) {
    const found = await ask(small, wanted.query);
    expect(found.ids).toEqual(wanted.ids);
    const maps = found.maps.map(({ activation }) => activation.values);
    expect(difference(maps, wanted.maps)).toBeLessThan(0.3);
  }
  await rm(join(packFolder(home), 'language_model.onnx.data'));
  await expect(openTiny(packFolder(home))).rejects.toThrow(/language_model\.onnx\.data/);
});

test('states that the graph projects have a size of their own, and give the map that PyTorch gives', async () => {
  const file = await readFile(join(fixtures, 'projected', 'expected.json'), 'utf8');
  const { cases } = JSON.parse(file) as { cases: typeof expected };
  for (const wanted of cases) {
    const home = await homeWithPack(undefined, 'projected');
    const found = await ask(await openTiny(packFolder(home), { hiddenState: wanted.hiddenState }), wanted.query);
    expect(found.ids).toEqual(wanted.ids);
    expect(found.maps.map((map) => map.hidden.length)).toEqual([24]);
    const hidden = found.maps.map((map) => map.hidden);
    // Weights stored in half precision, on states of up to 10.
    expect(difference(hidden, wanted.hidden)).toBeLessThan(0.02);
    const maps = found.maps.map(({ activation }) => activation.values);
    const largest = Math.max(...wanted.maps.flat().map(Math.abs));
    expect(difference(maps, wanted.maps) / largest).toBeLessThan(0.01);
  }
});

test.each([0, 1, 2, 3])('cancelled after %i pieces of the answer, the model is not asked for more', async (pieces) => {
  const stop = new AbortController();
  let said = 0;
  let steps = 0;
  const onStep = ({ kind }: { kind: string }) => {
    steps++;
    if (kind === 'answer') said++;
    if (said === pieces) stop.abort(new Error('stopped'));
  };
  await expect(ask(model, 'what can fly?', { signal: stop.signal, onStep })).rejects.toThrow('stopped');
  expect(said).toBe(pieces);
  expect(steps).toBe(1 + pieces);
});

test.each([2, 3])('an answer of %i tokens at most is cut off there, its last <SEG> included', async (maxNewTokens) => {
  for (const hiddenState of ['predicting', 'at'] as const) {
    const short = await openTiny(undefined, { maxNewTokens, hiddenState });
    const found = await ask(short, 'what holds tea?');
    const whole = expected.find((each) => each.query === 'what holds tea?' && each.hiddenState === hiddenState)!;
    expect(found.ids).toEqual(whole.ids.slice(0, maxNewTokens));
    expect(found.maps).toHaveLength(maxNewTokens === 3 ? 1 : 0);
    const hidden = found.maps.map((map) => map.hidden);
    expect(difference(hidden, whole.hidden.slice(0, hidden.length))).toBeLessThan(1e-3);
    expect(found.steps.at(-1)!.text).toContain('cut off');
  }
});

test('a query that is too long for the model is refused before anything runs', async () => {
  const question = ask(model, 'what can fly '.repeat(60));
  await expect(question).rejects.toMatchObject({
    code: 'bad-request',
    message: expect.stringMatching(/too long.*at most 100/),
  });
});

test('dot product and cosine differ by the norms', () => {
  const seg = Float32Array.from([3, 4]);
  const cells = Float32Array.from([3, 4, -6, -8, 0, 0, 4, -3]);
  const grid: [number, number] = [2, 2];
  expect(similarityMap(seg, cells, { similarity: 'dot', grid }).values).toEqual([25, -50, 0, 0]);
  expect(similarityMap(seg, cells, { similarity: 'cosine', grid }).values).toEqual([1, -1, 0, 0]);
});
