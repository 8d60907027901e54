/** @file A query that a llava-seg pack answers, through the whole application: real packs, real masks. */
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { DispatchOptions } from '../../src-main/api/dispatcher.ts';
import type { App } from '../../src-main/compose.ts';
import type { Progress } from '../../src-main/contract/api.ts';
import type { LlavaPack, SegmenterPack } from '../../src-main/contract/pack.ts';
import { unwrap } from '../../src-main/contract/result.ts';
import { rleArea } from '../../src-main/contract/rle.ts';
import { iou, unionAll } from '../../src-main/mask/boolean.ts';
import { startApp } from '../engine/scene.ts';
import { addFile, expected, fixtures, homeWithPack, packFolder, picture } from './tiny.ts';

const appOf = async (change?: (pack: LlavaPack, folder: string) => unknown) =>
  startApp({ env: { NOVO_HOME: await homeWithPack(change) } });

function query(app: App, text: string, options: DispatchOptions<'segment.query'> = {}, refine = true) {
  const input = { image: { path: picture }, query: text, reasoner: 'tiny-llava', refine };
  return app.dispatch('segment.query', input, { trusted: true, ...options });
}

const app = await appOf();

test('it is listed as a reasoner that is ready', async () => {
  const { reasoners, chosen } = unwrap(await app.dispatch('reasoners.list', {}));
  expect(reasoners).toEqual([
    {
      id: 'tiny-llava',
      title: 'Tiny LLaVA',
      kind: 'llava-seg',
      ready: true,
      domain: 'Nothing: it exists for tests and knows four sentences.',
      doubtfulBelow: 0.3,
    },
  ]);
  expect(chosen).toBe('tiny-llava');
});

test('one <SEG>: the masks are those of the similarity map that PyTorch gives', async () => {
  const steps: Progress<'segment.query'>[] = [];
  const found = unwrap(await query(app, 'what holds tea?', { onProgress: (step) => steps.push(step) }));
  expect(found.answer).toBe('the mug.');
  expect(steps.filter(({ kind }) => kind === 'answer').map(({ text }) => text)).toEqual(['the', ' mug', '.']);
  const { maps } = expected.find((each) => each.query === 'what holds tea?' && each.hiddenState === 'predicting')!;
  const activation = { grid: [4, 4] as [number, number], values: maps[0]! };
  const given = { image: { path: picture }, activation, maskPrompt: { gain: 20, bias: 0 } };
  const wanted = unwrap(await app.dispatch('segment.query', given, { trusted: true }));
  expect(rleArea(found.semantic)).toBeGreaterThan(0);
  expect(iou(found.semantic, wanted.semantic)).toBeGreaterThan(0.98);
  expect(found.instances.length).toBe(wanted.instances.length);
  expect(found.timing.reason_ms).toBeGreaterThan(0);
  expect(found.timing.onnx_ms).toBeGreaterThan(0);
});

test('no <SEG>: no instance, an empty mask, and the answer is kept', async () => {
  const found = unwrap(await query(app, 'what can fly?'));
  expect(found.answer).toBe('nothing here can fly.');
  expect(found.instances).toEqual([]);
  expect([rleArea(found.semantic), rleArea(found.refined)]).toEqual([0, 0]);
  expect(found.timing.decoder_calls).toBe(0);
});

test('several <SEG>: the union of what each of them gives, instances under the words that name them', async () => {
  const found = unwrap(await query(app, 'which two can be read?'));
  const { maps } = expected.find(({ maps: each }) => each.length === 2)!;
  const parts = [];
  for (const values of maps) {
    const given = { image: { path: picture }, activation: { grid: [4, 4] as [number, number], values } };
    parts.push(unwrap(await app.dispatch('segment.query', given, { trusted: true })));
  }
  expect(iou(found.semantic, unionAll(parts.map(({ semantic }) => semantic)))).toBeGreaterThan(0.98);
  expect(iou(found.refined, unionAll(parts.map(({ refined }) => refined)))).toBeGreaterThan(0.98);
  expect(found.instances.length).toBeGreaterThan(0);
  for (const { label } of found.instances) expect(['the book', 'the map']).toContain(label);
});

test('a decoder that was trained with the model takes the place of the segmenter of its name, and of no other', async () => {
  const text = await readFile(join(import.meta.dirname, '../../resources/packs/mobile-sam/pack.json'), 'utf8');
  const sam = JSON.parse(text) as SegmenterPack;
  // MobileSAM's own decoder with another token as its first choice: told apart by the masks that come back.
  const { decoder } = sam.segmenter;
  const withDecoder = (segmenter: string) => (pack: LlavaPack) => {
    pack.files.push(sam.files.find(({ path }) => path === decoder.file)!);
    pack.llava.decoder = { ...decoder, segmenter, outputs: { ...decoder.outputs, singleToken: 3 } };
  };
  const stock = unwrap(await query(app, 'what holds tea?'));
  const own = unwrap(await query(await appOf(withDecoder('mobile-sam')), 'what holds tea?'));
  const other = unwrap(await query(await appOf(withDecoder('another-sam')), 'what holds tea?'));
  expect(own.semantic).not.toEqual(stock.semantic);
  expect(other.semantic).toEqual(stock.semantic);
  expect(own.timing.decoder_calls).toBeGreaterThan(0);
  expect([own.notes, stock.notes]).toEqual([undefined, undefined]);
});

/** A decoder of random weights under the names that the exporter gives, trained for the segmenter of that name. */
const withExported = (segmenter: string) => async (pack: LlavaPack, folder: string) => {
  await addFile(pack, folder, 'decoder.onnx', 'decoder.onnx');
  const entry = JSON.parse(await readFile(join(fixtures, 'decoder.json'), 'utf8'));
  pack.llava.decoder = { ...entry, segmenter };
};

test('a mask decoder as the exporter writes it takes prompts of this application, in masks and in points', async () => {
  const exported = await appOf(withExported('mobile-sam'));
  const stock = unwrap(await query(app, 'what holds tea?', {}, false));
  const own = unwrap(await query(exported, 'what holds tea?', {}, false));
  expect(own.semantic).not.toEqual(stock.semantic);
  expect(own.timing.decoder_calls).toBeGreaterThan(0);
});

test('with another segmenter than the decoder was trained for, the answer says so', async () => {
  const steps: Progress<'segment.query'>[] = [];
  const other = await appOf(withExported('sam-vit-h'));
  const found = unwrap(await query(other, 'what holds tea?', { onProgress: (step) => steps.push(step) }, false));
  const note = expect.stringMatching(/decoder of "mobile-sam".*trained with "tiny-llava" is for "sam-vit-h"/);
  expect(found.notes).toEqual([note]);
  expect(steps.filter(({ kind }) => kind === 'note').map(({ text }) => text)).toEqual(found.notes);
});

test('cancelled while it speaks: the call ends as cancelled and the next one is answered', async () => {
  const stop = new AbortController();
  const onProgress = ({ kind }: { kind: string }) => kind === 'question' && stop.abort();
  const cancelled = await query(app, 'what can fly?', { signal: stop.signal, onProgress });
  expect(cancelled).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect(unwrap(await query(app, 'what can fly?')).answer).toBe('nothing here can fly.');
});

test('a damaged file is named, and the pack is not ready', async () => {
  const home = await homeWithPack();
  const broken = await startApp({ env: { NOVO_HOME: home } });
  await truncate(join(packFolder(home), 'language_model.onnx'), 1000);
  const failed = await query(broken, 'what can fly?');
  expect(failed).toMatchObject({ ok: false, error: { code: 'bad-pack' } });
  if (!failed.ok)
    expect(failed.error.message).toMatch(/tiny-llava.*language_model\.onnx is truncated: expected \d+ bytes/);
  const { reasoners } = unwrap(await broken.dispatch('reasoners.list', {}));
  expect(reasoners).toMatchObject([{ id: 'tiny-llava', ready: false }]);
});

test('an altered file of the same size is refused too', async () => {
  const home = await homeWithPack();
  const broken = await startApp({ env: { NOVO_HOME: home } });
  const file = join(packFolder(home), 'vision.onnx');
  const content = await readFile(file);
  content[content.length >> 1]! ^= 1;
  await writeFile(file, content);
  const failed = await query(broken, 'what can fly?');
  expect(failed).toMatchObject({ ok: false, error: { code: 'bad-pack', message: expect.stringContaining('altered') } });
});

const misfits: [what: string, change: (pack: LlavaPack) => unknown, message: RegExp][] = [
  [
    'a grid that is not that of the vision model',
    ({ llava }) => Object.assign(llava, { grid: [5, 4] }),
    /vision\.onnx \(5 x 4 cells of the grid\).*\[1, 16, 32\].*expected float32 \[1, 20, 32\]/,
  ],
  [
    'another <SEG>',
    ({ llava }) => Object.assign(llava.segToken, { id: 20 }),
    /segToken <SEG> is 20, but the tokenizer has 5/,
  ],
  [
    'a cache of another form',
    ({ llava }) => Object.assign(llava.languageModel.cache, { heads: 3 }),
    /language_model\.onnx failed on cpu/,
  ],
  [
    'a name that the graph does not have',
    ({ llava }) => Object.assign(llava.languageModel.outputs, { hidden: 'states' }),
    /does not fit the model .*language_model\.onnx/,
  ],
];
test.each(misfits)('%s is refused with a message that says so', async (_, change, message) => {
  const failed = await query(await appOf(change), 'what can fly?');
  expect(failed).toMatchObject({ ok: false, error: { code: 'bad-pack', message: expect.stringMatching(message) } });
});

const contradictions: [what: string, change: (pack: LlavaPack) => unknown, line: string][] = [
  [
    'no {query}',
    ({ llava }) => Object.assign(llava, { template: 'USER: <image> ASSISTANT:' }),
    'llava.template: must contain {query} once',
  ],
  ['two images', ({ llava }) => Object.assign(llava, { template: '<image><image> {query}' }), 'contains it 2 times'],
  [
    'nothing after the image',
    ({ llava }) => Object.assign(llava, { template: '{query} <image>' }),
    'text must follow <image>',
  ],
  ['a file that is not declared', ({ files }) => files.splice(0, 1), 'is not among the declared files'],
  [
    'too short a context',
    ({ llava }) => Object.assign(llava, { contextLength: 20 }),
    'llava.contextLength: 20 tokens are too few',
  ],
  [
    'cache names without a layer',
    ({ llava }) => Object.assign(llava.languageModel.cache.past, { key: 'k' }),
    'must contain {layer}',
  ],
];
test.each(contradictions)('a manifest with %s is refused when it is read', async (_, change, line) => {
  const { broken, packs } = unwrap(await (await appOf(change)).dispatch('models.list', {}));
  expect(packs.map(({ id }) => id)).not.toContain('tiny-llava');
  expect(broken.map(({ message }) => message).join('\n')).toContain(line);
});
