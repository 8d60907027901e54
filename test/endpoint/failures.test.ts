/**
 * @file What a person is told when an endpoint fails: every way in which servers really do, over HTTP.
 */
import { afterEach, expect, test } from 'vitest';
import { endpointSpecFor } from '../../src-main/engine/endpoint/conventions.ts';
import { reasonWithEndpoint } from '../../src-main/engine/endpoint/reason.ts';
import { testEndpoint } from '../../src-main/engine/endpoint/test-endpoint.ts';
import { apiError, failing, failure, key, oneServer } from './failing.ts';
import { completion, json, picture, type Reply } from './server.ts';

const { start, stop } = oneServer();
afterEach(stop);

const page =
  (status: number): Reply =>
  (response) => {
    response.writeHead(status, { 'content-type': 'text/html' });
    response.end('<!DOCTYPE html><html><body>Sign in</body></html>');
  };

test.each<[string, Reply, RegExp, RegExp, number]>([
  [
    '401',
    apiError(`Incorrect API key provided: ${key}.`, 401),
    /answered 401: "Incorrect API key provided: \[key\]\."/,
    /key was refused/,
    1,
  ],
  ['403', apiError('no access', 403), /403/, /key was refused/, 1],
  [
    '404, model',
    apiError('model "served-model" not found, try pulling it first', 404),
    /not found, try pulling/,
    /ollama pull served-model/,
    1,
  ],
  ['404, path', json({ detail: 'Not Found' }, 404), /answered 404: "Not Found"/, /ends in \/v1/, 1],
  ['400', apiError('image input is not supported', 400), /image input is not supported/, /vision model/, 1],
  ['413', (response) => response.writeHead(413).end('too large'), /413/, /maxPixels/, 1],
  [
    '500',
    apiError('llama runner process has terminated', 500, { 'retry-after': '0' }),
    /answered 500: "llama runner/,
    /server's own log/,
    3,
  ],
  ['503, page', page(503), /answered 503/, /server's own log/, 3],
  ['429', apiError('slow down', 429, { 'retry-after': '0' }), /answered 429: "slow down"/, /limits requests/, 3],
  [
    'out of credit',
    json({ error: { message: 'quota', code: 'insufficient_quota' } }, 429),
    /429: "quota"/,
    /credit/,
    1,
  ],
  ['a page', page(200), /web page instead of JSON/, /ends in \/v1/, 1],
  ['not JSON', json('{"choices": [{"mess'), /something else|not JSON/, /base URL/, 1],
  ['plain text', (response) => response.end('Ollama is running'), /not JSON: "Ollama is running"/, /\/v1/, 1],
  [
    'empty body',
    (response) => response.writeHead(200, { 'content-type': 'application/json' }).end(),
    /empty answer/,
    /log/,
    1,
  ],
  [
    'error in a 200',
    json({ error: 'Unexpected endpoint or method.' }),
    /reported an error: "Unexpected endpoint/,
    /base URL/,
    1,
  ],
  ['no choices', json({ ...completion({ content: 'x' }), choices: [] }), /no choices/, /base URL/, 1],
  ['choices of a wrong kind', json({ choices: [{ message: 7 }] }), /no choices/, /base URL/, 1],
  ['broken off', (response) => response.socket!.destroy(), /connection to 127\.0\.0\.1:\d+ broke/, /log/, 1],
  [
    'broken off inside',
    (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
      response.write('{"cho', () => response.socket!.destroy());
    },
    /connection to 127\.0\.0\.1:\d+ broke/,
    /log/,
    1,
  ],
])('%s', async (_, reply, message, hint, requests) => {
  const server = await start(reply);
  const { error } = await failing(server, { maxSeconds: 10 });
  expect(error.code).toBe('endpoint');
  expect(error.message).toMatch(message);
  expect(error.message).toContain(`(${server.baseUrl}, model served-model)`);
  expect(error.hint).toMatch(hint);
  expect(server.seen).toHaveLength(requests);
});

test('nobody listens, and no such host', async () => {
  const spec = endpointSpecFor((await start()).baseUrl, 'm');
  await stop();
  for (const run of [() => reasonWithEndpoint(spec, picture(64, 48), 'q'), () => testEndpoint(spec)]) {
    const error = await failure(run());
    expect(error).toMatchObject({ code: 'endpoint', hint: expect.stringMatching(/Start the model server/) });
    expect(error.message).toMatch(/Nothing listens at 127\.0\.0\.1:\d+/);
  }
  const nowhere = endpointSpecFor('http://no-such-host.invalid/v1', 'm');
  const error = await failure(reasonWithEndpoint(nowhere, picture(64, 48), 'q'));
  expect(error).toMatchObject({
    code: 'endpoint',
    message: expect.stringMatching(/no-such-host\.invalid was not found/),
  });
});

test('TLS asked of a server without it; secrets of the URL are not shown', async () => {
  const server = await start();
  const spec = endpointSpecFor(`${server.baseUrl.replace('http:', 'https:')}?token=hidden`, 'm');
  const error = await failure(reasonWithEndpoint(spec, picture(64, 48), 'q'));
  expect(error.message).toMatch(/secure connection/);
  expect(error.hint).toMatch(/http:\/\//);
  expect(`${error.message} ${error.cause}`).not.toContain('hidden');
});

test('answers that stay unusable end as bad-answer, quoted, within the rounds', async () => {
  const long = `I think ${'it is the stool '.repeat(40)}`;
  const server = await start(long);
  const { error, trace } = await failing(server, { maxRounds: 2 });
  expect(error.code).toBe('bad-answer');
  expect(server.seen).toHaveLength(2);
  expect(error.message).toMatch(
    /^The model served-model gave no usable answer to 2 questions\. The answer held no box/,
  );
  expect(error.message).toContain(`"${long.slice(0, 200)}..."`);
  expect(error.hint).toMatch(/trained to locate/);
  expect(trace.filter(({ kind }) => kind === 'repair')).toHaveLength(1);

  const other = await start(long);
  await failing(other, { maxRounds: 1 });
  expect(other.seen).toHaveLength(1);
});

test.each<[string, Reply, RegExp, RegExp, number]>([
  [
    'all thought, cut off',
    json(completion({ content: '', reasoning_content: 'Hm, [{"bbox_2d": [1, 2, 300, 400]}] or' }, 'length')),
    /cut off at 4096 tokens.*"Hm,/,
    /maxTokens/,
    2,
  ],
  [
    'thought in the content, cut off',
    json(completion({ content: '<think>Hm, {"bbox_2d": [1, 2, 300, 400]}' }, 'length')),
    /cut off/,
    /maxTokens/,
    2,
  ],
  ['another convention', '[{"bbox_2d": [1500, 1200, 1900, 1400]}]', /do not fit the image/, /coordinate convention/, 2],
  ['empty', json(completion({ content: ' ' })), /The answer was empty\. It said nothing\./, /another|other/, 2],
  [
    'refusal',
    json(completion({ content: null, refusal: `I can't. ${key}` })),
    /refused to answer\. It said: "I can't\. \[key\]"/,
    /other words/,
    1,
  ],
  ['content filter', json(completion({ content: '' }, 'content_filter')), /content filter/, /other words/, 1],
  ['the key in the answer', `no boxes, but ${key}`, /no boxes, but \[key\]/, /trained/, 2],
])('bad answer: %s', async (_, reply, message, hint, rounds) => {
  const server = await start(reply);
  const { error } = await failing(server);
  expect(error.code).toBe('bad-answer');
  expect(error.message).toMatch(message);
  expect(error.hint).toMatch(hint);
  expect(server.seen).toHaveLength(rounds);
  expect(server.problems).toEqual([]);
});

test('a key from the environment, a missing one, and one that no header can carry', async () => {
  const server = await start('[]');
  const spec = endpointSpecFor(server.baseUrl, 'm', { keyVariable: 'NOVO_TEST_ENDPOINT_KEY' });
  const missing = await failure(reasonWithEndpoint(spec, picture(64, 48), 'q'));
  expect(missing).toMatchObject({ code: 'endpoint', hint: expect.stringMatching(/NOVO_TEST_ENDPOINT_KEY/) });
  const broken = await failure(reasonWithEndpoint(spec, picture(64, 48), 'q', { key: `${key}\nX` }));
  expect(broken.code).toBe('endpoint');
  expect(broken.message).not.toContain(key);
  process.env['NOVO_TEST_ENDPOINT_KEY'] = `${key}\n`;
  // Keys of another service that lie in the environment must not be sent here.
  process.env['OPENAI_API_KEY'] = 'sk-not-for-this-server';
  try {
    await reasonWithEndpoint(spec, picture(64, 48), 'q');
    await reasonWithEndpoint(endpointSpecFor(server.baseUrl, 'm'), picture(64, 48), 'q');
  } finally {
    delete process.env['NOVO_TEST_ENDPOINT_KEY'];
    delete process.env['OPENAI_API_KEY'];
  }
  expect(server.seen.map(({ authorization }) => authorization)).toEqual([`Bearer ${key}`, undefined]);
});
