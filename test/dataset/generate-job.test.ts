/** @file Jobs at a real HTTP server: what is asked, what is kept, what happens when the server is busy, odd or away. */
import { afterEach, expect, test } from 'vitest';
import { startProjectApp, type TestApp } from '../api/project-app.ts';
import { apiError } from '../endpoint/failing.ts';
import { type ChatServer, completion, json } from '../endpoint/server.ts';
import { candidatesOf, generate, labelled, rest, saveEndpoint, serving, uncounted, written } from './generate-bench.ts';

let server: ChatServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function serve(app: TestApp, choose: Parameters<typeof serving>[0]): Promise<ChatServer> {
  await server?.close();
  server = await serving(choose);
  await saveEndpoint(app, server.baseUrl);
  return server;
}

const prices = { input: 1, output: 10 };

test('each image is asked once for each template, with its picture, caption and objects; candidates know what they mean', async () => {
  const app = startProjectApp();
  const { ids } = await labelled(app, 2, 1);
  const { seen, problems } = await serve(app, () => written());
  const done = await generate(app, { templates: ['attribute', 'spatial-short'], prices });
  expect(problems).toEqual([]);
  expect(done).toMatchObject({ state: 'done', waiting: 0, answered: 4, failed: 0, candidates: 8, model: 'writer' });
  expect(seen).toHaveLength(4);
  expect(seen[0]!.model).toBe('writer');
  const prompt = seen[0]!.turns[0]![1];
  expect(prompt).toContain('one or more of the 2 objects of the class "cup"');
  expect(prompt).toMatch(/1\. cup \[.*\n2\. cup \[.*\n3\. plate \[/);
  // 900 and 60 tokens an answer are what the server counts.
  expect(done).toMatchObject({ inputTokens: 3600, outputTokens: 240 });
  expect(done.cost).toBeCloseTo(3600e-6 + 2400e-6, 9);

  const candidates = await candidatesOf(app, ids[0]!);
  expect(candidates).toHaveLength(4);
  const { boxes } = await app.call('candidates.read', { imageId: ids[0]! });
  const cups = boxes.filter(({ category }) => category === 'cup').map(({ instanceId }) => instanceId);
  // Two requests are under way at once: which is answered first is not said.
  const [attribute, spatial] = ['attribute', 'spatial'].map(
    (type) => candidates.find((c) => c.reasoningType === type)!,
  );
  expect(attribute).toMatchObject({
    targets: cups,
    form: 'long',
    reasoningType: 'attribute',
    state: 'new',
    flags: [],
  });
  expect(spatial).toMatchObject({ form: 'short', reasoningType: 'spatial' });

  const { provenance } = await app.call('candidate.provenance', { candidateId: attribute!.id });
  expect(provenance).toMatchObject({
    template: { name: 'attribute', version: 1 },
    className: 'cup',
    endpoint: 'writer',
    model: 'writer',
    inputTokens: 900,
    outputTokens: 60,
  });
  // The server writes a bar for the picture.
  expect(seen.map(({ turns }) => turns[0]![1]!.slice(1))).toContain(provenance.prompt);
  expect(provenance.raw).toContain(attribute!.text);
  expect(Math.abs(provenance.at - Date.now())).toBeLessThan(60_000);
  expect(app.heard('generate.state').at(-1)?.generation).toMatchObject({ state: 'done', candidates: 8 });
  expect(new Set(app.heard('generate.state').flatMap(({ imageIds }) => imageIds))).toEqual(new Set(ids.slice(0, 2)));
});

test('what it will cost is said before, better once the model has answered; what was asked is not asked again', async () => {
  const app = startProjectApp();
  await labelled(app, 3, 2);
  const { seen } = await serve(app, () => written());
  const settings = { endpoint: 'writer', templates: ['attribute', 'context'], perImage: 2, prices };
  const before = await app.call('generate.plan', settings);
  expect(before).toMatchObject({ images: 3, requests: 6, basis: 'estimated', seconds: null });
  expect(before.leftOut).toEqual([{ reason: 'no labelled object', images: 2 }]);
  expect(before.cost).toBeCloseTo((before.inputTokens + 10 * before.outputTokens) / 1e6, 9);
  expect(before.inputTokens).toBeGreaterThan(6 * 300);
  await generate(app, { templates: ['attribute'], prices });
  const after = await app.call('generate.plan', settings);
  expect(after).toMatchObject({ images: 3, requests: 3, basis: 'measured', inputTokens: 2700, outputTokens: 180 });
  expect(after.seconds).toBeGreaterThan(0);
  expect(await app.call('generate.plan', { ...settings, images: 'all' })).toMatchObject({ requests: 6 });
  expect(seen).toHaveLength(3);
  const again = await app.fails('generate.start', { ...settings, templates: ['attribute'] });
  expect(again.message).toContain('nothing to ask');
});

test('a busy server is waited for as long as it says; parameters that it refuses are left out from then on', async () => {
  const app = startProjectApp();
  await labelled(app, 2);
  const { seen } = await serve(app, (_, number) => {
    if (number === 1)
      return apiError("Unsupported parameter: 'response_format' is not supported with this model.", 400);
    if (number === 2) return apiError("Unsupported value: 'temperature' does not support 0.8 with this model.", 400);
    if (number === 3) return apiError('rate limit', 429, { 'retry-after': '1' });
    if (number === 4) return apiError('overloaded', 503, { 'retry-after-ms': '50' });
    return written();
  });
  const done = await generate(app, { parallel: 1 });
  expect(done).toMatchObject({ state: 'done', answered: 2, failed: 0 });
  expect(seen).toHaveLength(6);
  expect(seen.map(({ temperature }) => temperature)).toEqual([0.8, 0.8, undefined, undefined, undefined, undefined]);
  expect(seen[3]!.at - seen[2]!.at).toBeGreaterThan(950);
});

test('answers that cannot be read are asked for once more, with another seed, and kept as they came', async () => {
  const app = startProjectApp();
  const { ids } = await labelled(app, 3);
  await serve(app, (_, number) => {
    if (number === 1) return 'I would rather talk about the weather.';
    if (number === 2) return json(completion({ content: '{"queries": [{"text": "Which of these would' }, 'length'));
    return written(1);
  });
  const done = await generate(app, { parallel: 1 });
  expect(done).toMatchObject({ state: 'done', answered: 3, failed: 0, candidates: 3, inputTokens: 5 * 900 });
  const { provenance } = await app.call('candidate.provenance', {
    candidateId: (await candidatesOf(app, ids[0]!))[0]!.id,
  });
  expect(provenance.raw).toContain('queries');

  await serve(app, (_, number) => {
    if (number === 1) return json(completion({ content: '', refusal: 'I cannot look at this.' }));
    if (number === 2) return json(completion({ content: `${written(2).slice(0, -2)}, {"text": "What cou` }, 'length'));
    return uncounted(`<think>{"queries": ["draft?"]}</think>\n\`\`\`json\n${written(1)}\n\`\`\``);
  });
  const odd = await generate(app, { templates: ['spatial'], parallel: 1 });
  expect(odd).toMatchObject({ state: 'done', answered: 2, failed: 1, candidates: 3 });
  expect(odd.failures).toEqual([{ reason: 'The model refused: I cannot look at this.', count: 1 }]);
  // The third answer was not counted by its server: it is worked out instead of being free.
  expect(odd.inputTokens).toBeGreaterThan(2 * 900 + 300);
  expect((await candidatesOf(app, ids[2]!)).at(-1)!.text).not.toContain('draft');
});

test('an answer as a stream, from a server that always streams', async () => {
  const app = startProjectApp();
  await labelled(app, 1);
  const content = written(2);
  await serve(app, () => (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (value: unknown) => response.write(`data: ${JSON.stringify(value)}\n\n`);
    const chunk = (delta: object, finish: string | null = null) => ({
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta, finish_reason: finish }],
    });
    send(chunk({ role: 'assistant', content: '' }));
    for (const letters of content.match(/.{1,20}/gs)!) send(chunk({ content: letters }));
    send(chunk({}, 'stop'));
    send({ object: 'chat.completion.chunk', choices: [], usage: { prompt_tokens: 700, completion_tokens: 50 } });
    response.end('data: [DONE]\n\n');
  });
  const done = await generate(app);
  expect(done).toMatchObject({ state: 'done', answered: 1, candidates: 2, inputTokens: 700, outputTokens: 50 });
});

test('a connection that breaks in the middle of an answer is tried again; a stream that just ends gives what was whole', async () => {
  const app = startProjectApp();
  const { ids } = await labelled(app, 2);
  const two = written(2);
  await serve(app, (_, number) => (response) => {
    if (number === 1) {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
      response.write('{"choices": [{"message": ', () => response.destroy());
    } else if (number === 2) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const cut = two.slice(0, two.lastIndexOf('has gone'));
      response.end(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: cut } }] })}\n\ndata: {"cho`);
    } else (json(completion({ content: written(2) })) as (r: typeof response) => void)(response);
  });
  const done = await generate(app, { parallel: 1 });
  expect(done).toMatchObject({ state: 'done', answered: 2, failed: 0, candidates: 3 });
  expect(await candidatesOf(app, ids[1]!)).toHaveLength(1);
});

test('a wrong key pauses the job at once, a dead server after a few tries; nothing is lost by it', async () => {
  const app = startProjectApp();
  await labelled(app, 8);
  const { seen } = await serve(app, () => apiError('Incorrect API key provided', 401));
  const paused = await generate(app, { parallel: 1 });
  expect(paused).toMatchObject({ state: 'paused', waiting: 8, failed: 0 });
  expect(paused.reason).toContain('401');
  expect(seen).toHaveLength(1);

  await serve(app, () => apiError('this model does not take images', 400));
  await app.call('generate.resume', { generationId: paused.id });
  const refused = await rest(app, paused.id);
  expect(refused).toMatchObject({ state: 'paused', waiting: 4, failed: 4 });
  expect(refused.reason).toContain('does not take images');

  const healthy = await serve(app, () => written());
  await app.call('generate.resume', { generationId: paused.id, retryFailed: true });
  expect(await rest(app, paused.id)).toMatchObject({ state: 'done', answered: 8, failed: 0, candidates: 16 });
  expect(healthy.seen).toHaveLength(8);
});

test('it pauses before it costs more than was said, and goes on with another limit', async () => {
  const app = startProjectApp();
  await labelled(app, 6);
  await serve(app, () => written());
  // An answer costs 900 x 1 + 60 x 10 millionths: 0.0015.
  const needs = await app.fails('generate.start', { endpoint: 'writer', templates: ['attribute'], maxCost: 1 });
  expect(needs.message).toContain('prices');
  const paused = await generate(app, { prices, maxCost: 0.005, parallel: 3 });
  expect(paused).toMatchObject({ state: 'paused', answered: 3, waiting: 3 });
  expect(paused.cost).toBeLessThanOrEqual(0.005);
  expect(paused.reason).toContain('limit of 0.005');
  expect(paused.costLeft).toBeCloseTo(0.0045, 6);
  await app.call('generate.resume', { generationId: paused.id, maxCost: 1 });
  expect(await rest(app, paused.id)).toMatchObject({ state: 'done', answered: 6 });
});

test('questions under way are bounded; pausing waits for them, giving up does not', async () => {
  const app = startProjectApp();
  await labelled(app, 9);
  const open: (() => void)[] = [];
  let most = 0;
  await serve(app, () => (response) => {
    open.push(() => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(completion({ content: written(1) })));
    });
    most = Math.max(most, open.length);
  });
  const { generation } = await app.call('generate.start', {
    endpoint: 'writer',
    templates: ['attribute'],
    parallel: 3,
  });
  await expect.poll(() => open.length).toBe(3);
  const conflict = await app.fails('generate.start', { endpoint: 'writer', templates: ['spatial'] });
  expect(conflict.code).toBe('conflict');
  const { generation: pausing } = await app.call('generate.pause', { generationId: generation.id });
  expect(pausing.reason).toContain('Pausing');
  for (const answer of open.splice(0)) answer();
  expect(await rest(app, generation.id)).toMatchObject({ state: 'paused', answered: 3, waiting: 6, reason: null });

  await app.call('generate.resume', { generationId: generation.id });
  await expect.poll(() => open.length).toBe(3);
  const given = await app.call('generate.cancel', { generationId: generation.id });
  expect(given.generation).toMatchObject({ state: 'cancelled', answered: 3, waiting: 6 });
  expect(most).toBe(3);
  expect((await app.fails('generate.resume', { generationId: generation.id })).code).toBe('conflict');
  // What was given up is not asked about by anybody: the next job asks it.
  expect(await app.call('generate.plan', { endpoint: 'writer', templates: ['attribute'] })).toMatchObject({
    requests: 6,
  });
});
