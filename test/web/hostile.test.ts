import { expect, test } from 'vitest';
import { envelope, eventually, host, raw, talk } from './host.ts';

const json = { 'content-type': 'application/json' };

test('a path that leaves its folder is refused however it is written', async () => {
  const { port, token } = await host({ files: import.meta.dirname });
  const headers = { authorization: `Bearer ${token}` };
  for (const path of [
    '/../package.json',
    '/a/../../package.json',
    '/%2e%2e/package.json',
    '/..%2fpackage.json',
    '/..%5cpackage.json',
    '/..\\package.json',
    '/host.ts%00.png',
    '/%',
    '//evil.example/',
    'http://evil.example/',
    '/media/..%2f..%2fpackage.json',
    '/media/%2fetc%2fpasswd%00',
  ]) {
    const answer = await raw(port, path, { headers });
    expect(answer.status, path).toBe(400);
    expect(answer.body).not.toContain('novo-annotate');
  }
  for (const path of ['/%252e%252e/package.json', '/media/%2fetc%2fpasswd', '/media/a/b', '/host.ts:x']) {
    expect((await raw(port, path, { headers })).status, path).toBe(404);
  }
});

test('a call that names a path is forbidden: nothing of it reaches the engine', async () => {
  const { rpc, sent } = await host();
  const image = { path: '/etc/passwd' };
  for (const [method, input] of [
    ['image.encode', { image }],
    ['segment.click', { image, points: [[1, 1, 1]] }],
    ['overlay.write', { image, instances: [], file: '/tmp/out.png' }],
    ['models.add', { folder: '/etc' }],
  ] as const) {
    const answer = await rpc(method, input);
    expect(await answer.json(), method).toMatchObject({ ok: false, error: { code: 'forbidden' } });
  }
  expect(sent).toEqual([]);
});

test('a body above the limit is 413, announced or not', async () => {
  const { port, token, rpc, records } = await host({ limits: { bodyBytes: 1000 } });
  const large = JSON.stringify({ id: 'x'.repeat(2_000_000) });
  const announced = await rpc('models.verify', large);
  expect([announced.status, (await envelope(announced)).error.code]).toEqual([413, 'bad-request']);
  const headers = { ...json, authorization: `Bearer ${token}`, 'transfer-encoding': 'chunked' };
  expect((await raw(port, '/rpc/models.verify', { method: 'POST', headers, body: large })).status).toBe(413);
  expect(records).toEqual([]);
});

test('a request that trickles in is ended, in its header and in its body', async () => {
  const { port, token, records } = await host({ limits: { headersMs: 150, requestMs: 300 } });
  const start = performance.now();
  const head = `POST /rpc/models.list HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\n`;
  const body = `${head}Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{`;
  const said = await Promise.all([talk(port, head), talk(port, body)]);
  for (const text of said) expect(text).toMatch(/^HTTP\/1.1 408 /);
  expect(performance.now() - start).toBeLessThan(3000);
  expect(records).toEqual([]);
});

test('a bug is logged with its trace and answered without it', async () => {
  const { get, logged } = await host({
    images: () => {
      throw new TypeError('x is undefined');
    },
  });
  const answer = await get('media/1');
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toMatch(/\bat .*\.ts|node:/);
  await eventually(() => logged.some((line) => line.includes('hostile.test.ts')));
});
