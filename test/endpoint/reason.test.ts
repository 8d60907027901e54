/**
 * @file Whole queries against a chat server over HTTP: what is sent, and where the boxes land in the original.
 */
import { afterEach, expect, test } from 'vitest';
import type { EndpointSpec } from '../../src-main/contract/pack.ts';
import { type ConventionName, endpointSpecFor } from '../../src-main/engine/endpoint/conventions.ts';
import { type EndpointAnswer, reasonWithEndpoint } from '../../src-main/engine/endpoint/reason.ts';
import { testEndpoint } from '../../src-main/engine/endpoint/test-endpoint.ts';
import { type ChatServer, completion, json, picture, type Reply, startServer } from './server.ts';

let server: ChatServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function ask(
  preset: ConventionName,
  replies: Reply[],
  options: { width?: number; height?: number; key?: string; budget?: Partial<EndpointSpec['budget']> } = {},
): Promise<EndpointAnswer> {
  server = await startServer(replies);
  const spec = endpointSpecFor(server.baseUrl, 'served-model', { preset });
  Object.assign(spec, { budget: { ...spec.budget, ...options.budget } });
  const image = picture(options.width ?? 641, options.height ?? 427);
  return await reasonWithEndpoint(
    spec,
    image,
    'what could the child stand on?',
    options.key ? { key: options.key } : {},
  );
}

const rounded = ({ regions }: EndpointAnswer) =>
  regions.map(({ box, points, label }) => ({
    ...(box ? { box: box.map((v) => Math.round(v * 100) / 100) } : {}),
    ...(points ? { points: points.map((p) => p.map((v) => Math.round(v * 100) / 100)) } : {}),
    ...(label === undefined ? {} : { label }),
  }));

test('Qwen2.5-VL: pixels of the image that was sent, which is a multiple of 28', async () => {
  const text = '```json\n[\n\t{"bbox_2d": [64, 42, 322, 210], "label": "wooden stool"}\n]\n```';
  const answer = await ask('qwen2.5-vl', [text], { key: 'sk-secret-1' });
  // 641 x 427 is sent as 644 x 420 (22.89 -> 23, 15.25 -> 15 times 28).
  expect(server!.seen).toHaveLength(1);
  expect(server!.seen[0]).toMatchObject({
    model: 'served-model',
    maxTokens: 4096,
    temperature: 0,
    authorization: 'Bearer sk-secret-1',
    image: { width: 644, height: 420, format: 'jpeg' },
  });
  const [red, , blue] = server!.seen[0]!.corner;
  expect(red).toBeGreaterThan(240);
  expect(blue).toBeLessThan(15);
  expect(server!.seen[0]!.turns[0]![1]).toMatch(
    /what could the child stand on\?[\s\S]*644 pixels wide and 420 pixels high/,
  );
  expect(rounded(answer)).toEqual([{ box: [63.7, 42.7, 320.5, 213.5], label: 'wooden stool' }]);
  expect(answer).toMatchObject({ answer: 'wooden stool', noTarget: false });
  expect(answer.usage).toEqual({ promptTokens: 900, completionTokens: 60, rounds: 1 });
  expect(answer.trace.map(({ kind }) => kind)).toEqual(['question', 'answer', 'usage']);
  expect(JSON.stringify(answer)).not.toContain('sk-secret-1');
});

test('a large photo is sent within the limits and read back at full size', async () => {
  const answer = await ask('qwen2.5-vl', ['[{"bbox_2d": [0, 0, 574, 420], "label": "left"}]'], {
    width: 4000,
    height: 3000,
  });
  expect(server!.seen[0]!.image).toMatchObject({ width: 1148, height: 840 });
  expect(rounded(answer)).toEqual([{ box: [0, 0, 2000, 1500], label: 'left' }]);
});

test('Qwen3-VL: thousandths, sides a multiple of 32, thought sent apart', async () => {
  const content = '[{"bbox_2d": [100, 200, 500, 1000], "label": "stool"}, {"bbox_2d": [700, 0, 1004, 250]}]';
  const message = { content, reasoning_content: 'Maybe {"bbox_2d": [1, 1, 9, 9]}? No.' };
  const answer = await ask('qwen3-vl', [json(completion(message))]);
  expect(server!.seen[0]!.image).toMatchObject({ width: 640, height: 416 });
  expect(server!.seen[0]!.authorization).toBeUndefined();
  expect(rounded(answer)).toEqual([
    { box: [64.1, 85.4, 320.5, 427], label: 'stool' },
    { box: [448.7, 0, 641, 106.75] },
  ]);
  expect(answer.trace[1]!.text).toContain('Maybe');
});

test('Gemini: y first, content in parts', async () => {
  const text =
    '```json\n[{"box_2d": [200, 100, 1000, 500], "label": "stool"}, {"point": [500, 250], "label": "box"}]\n```';
  const parts = [
    { type: 'text', text: 'Here: ' },
    { type: 'text', text },
  ];
  const answer = await ask('gemini', [json(completion({ content: parts }))]);
  expect(server!.seen[0]!.image).toMatchObject({ width: 641, height: 427 });
  expect(rounded(answer)).toEqual([
    { box: [64.1, 85.4, 320.5, 427], label: 'stool' },
    { points: [[160.25, 213.5, 1]], label: 'box' },
  ]);
  expect(answer.answer).toBe('Here:');
});

test('Molmo: percent, one region a point', async () => {
  const text =
    'Counting the <points x1="10.0" y1="20.0" x2="50" y2="100" alt="stools">stools</points> shows a total of 2.';
  const answer = await ask('molmo', [text]);
  expect(rounded(answer)).toEqual([
    { points: [[64.1, 85.4, 1]], label: 'stools' },
    { points: [[320.5, 426.5, 1]], label: 'stools' },
  ]);
  expect(answer.answer).toBe('Counting the stools shows a total of 2.');
});

test('Claude: pixels, prose around the JSON, a panorama within the longest side', async () => {
  const text =
    'The stool is lowest.\n\n{"objects": [{"bbox_2d": [784, 252, 1568, 504], "label": "stool"}]}\n\nIt can be reached.';
  const answer = await ask('claude', [text], { width: 3000, height: 1000 });
  expect(server!.seen[0]!.image).toMatchObject({ width: 1568, height: 504 });
  expect(rounded(answer)).toEqual([{ box: [1500, 500, 3000, 1000], label: 'stool' }]);
  expect(answer.answer).toBe('The stool is lowest. It can be reached.');
});

test('PaliGemma bins and InternVL tags', async () => {
  const answer = await ask('paligemma', ['<loc0256><loc0000><loc1024><loc0512> stool'], { width: 640, height: 480 });
  expect(rounded(answer)).toEqual([{ box: [0, 120, 320, 480], label: 'stool' }]);
  await server!.close();
  const other = await ask('internvl', ['<ref>stool</ref><box>[[100, 200, 500, 1000]]</box>'], {
    width: 640,
    height: 480,
  });
  expect(rounded(other)).toEqual([{ box: [64, 96, 320, 480], label: 'stool' }]);
});

test('an answer cut at the token limit keeps what is complete, and says so', async () => {
  const content = '[{"bbox_2d": [100, 200, 500, 1000], "label": "stool"}, {"bbox_2d": [1, 2, 30';
  const answer = await ask('qwen3-vl', [json(completion({ content }, 'length'))], { budget: { maxTokens: 77 } });
  expect(server!.seen[0]!.maxTokens).toBe(77);
  expect(rounded(answer)).toEqual([{ box: [64.1, 85.4, 320.5, 427], label: 'stool' }]);
  expect(answer.trace.at(-1)).toEqual({
    kind: 'repair',
    text: 'The answer was cut off at 77 tokens; what was complete is kept.',
  });
});

test.each(['[]', '```json\n{"objects": []}\n```', 'None.'])('nothing matches: %s', async (text) => {
  const answer = await ask('qwen3-vl', [text]);
  expect(answer).toMatchObject({ regions: [], noTarget: true });
  expect(answer.answer).toMatch(/^(Nothing in the image matches|None)\.$/);
});

test('an unusable answer is sent back once, with what was wrong', async () => {
  const box = '[{"bbox_2d": [100, 200, 500, 1000], "label": "stool"}]';
  const answer = await ask('qwen3-vl', ['It is the stool on the left.', box]);
  expect(rounded(answer)).toEqual([{ box: [64.1, 85.4, 320.5, 427], label: 'stool' }]);
  expect(answer.usage).toEqual({ promptTokens: 1800, completionTokens: 120, rounds: 2 });
  const [, said, repair] = server!.seen[1]!.turns;
  expect(said).toEqual(['assistant', 'It is the stool on the left.']);
  expect(repair![1]).toMatch(/no box and no point[\s\S]*numbers from 0 to 1000[\s\S]*\[x1, y1, x2, y2\][\s\S]*\[\]/);
  expect(answer.trace.map(({ kind }) => kind)).toEqual(['question', 'answer', 'usage', 'repair', 'answer', 'usage']);
});

test.each<[string, Reply, RegExp]>([
  ['empty', json(completion({ content: '' })), /The answer was empty/],
  ['null', json(completion({ content: null })), /The answer was empty/],
  ['fractions', '[{"bbox_2d": [0.1, 0.2, 0.5, 1]}]', /do not fit the image/],
  ['pixels beyond the scale', '[{"bbox_2d": [1500, 1200, 1900, 1400]}]', /do not fit the image/],
  ['no area', '[{"bbox_2d": [0, 0, 0, 0]}]', /do not fit the image/],
])('the repair of an answer that is %s', async (_, first, wrong) => {
  const answer = await ask('qwen3-vl', [first, '[{"bbox_2d": [100, 200, 500, 1000]}]']);
  expect(rounded(answer)).toEqual([{ box: [64.1, 85.4, 320.5, 427] }]);
  expect(server!.problems).toEqual([]);
  expect(server!.seen[1]!.turns.at(-1)![1]).toMatch(wrong);
});

test('regions that do not fit are left out beside ones that do', async () => {
  const answer = await ask('qwen3-vl', ['[{"bbox_2d": [100, 200, 500, 1000]}, {"bbox_2d": [5, 5, 5, 5]}]']);
  expect(answer.regions).toHaveLength(1);
  expect(answer.trace.at(-1)!.text).toBe('1 of 2 regions left out: outside the image, or without area.');
});

test('a server that refuses max_tokens and temperature is asked with its own names', async () => {
  const refuse = (message: string, param: string) =>
    json({ error: { message, type: 'invalid_request_error', param, code: 'unsupported_parameter' } }, 400);
  const answer = await ask('qwen3-vl', [
    refuse(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      'max_tokens',
    ),
    refuse("Unsupported value: 'temperature' does not support 0 with this model.", 'temperature'),
    '[{"bbox_2d": [100, 200, 500, 1000]}]',
  ]);
  expect(answer.regions).toHaveLength(1);
  expect(server!.seen.map((s) => [s.maxTokens, s.maxCompletionTokens, s.temperature])).toEqual([
    [4096, undefined, 0],
    [undefined, 4096, 0],
    [undefined, 4096, undefined],
  ]);
});

test('a 429 is waited out as the server asks, in sight', async () => {
  const busy = json({ error: { message: 'Rate limit reached', type: 'requests' } }, 429, { 'retry-after': '1' });
  const answer = await ask('qwen3-vl', [busy, '[{"bbox_2d": [100, 200, 500, 1000]}]']);
  expect(answer.regions).toHaveLength(1);
  expect(answer.usage.rounds).toBe(1);
  expect(server!.seen[1]!.at - server!.seen[0]!.at).toBeGreaterThan(950);
  expect(answer.trace[1]).toMatchObject({
    kind: 'repair',
    text: expect.stringMatching(/429.*Rate limit reached.*Trying again in 1\.0 s/),
  });
});

test('the connection test shows what the server offers and what the model sees', async () => {
  const models = json({ object: 'list', data: [{ id: 'served-model' }, { id: 'other' }] });
  server = await startServer(['Red.'], models);
  const spec = endpointSpecFor(server.baseUrl, 'served-model');
  const check = await testEndpoint(spec, { key: 'sk-secret-1' });
  expect(check).toMatchObject({
    model: 'served-model',
    models: ['served-model', 'other'],
    listed: true,
    answer: 'Red.',
  });
  expect(check.url).toBe(server.baseUrl);
  expect(server.seen[0]).toMatchObject({ image: { width: 64, height: 64, format: 'png' }, corner: [255, 0, 0] });

  // A server without a list of models is none the worse for it.
  await server.close();
  server = await startServer(['Red.']);
  const bare = await testEndpoint(endpointSpecFor(server.baseUrl, 'm'));
  expect(bare).toMatchObject({ models: null, listed: null, answer: 'Red.' });
});
