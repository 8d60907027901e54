import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { sameSecret } from '../../src-main/web/guard.ts';
import { host, raw, talk } from './host.ts';

const json = { 'content-type': 'application/json' };

test('only this machine can connect', async () => {
  const { port } = await host();
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((address) => address && !address.internal && address.family === 'IPv4');
  if (!outside) return;
  const refused = await new Promise<boolean>((resolve) => {
    const socket = connect(port, outside.address, () => resolve(false)).on('error', () => resolve(true));
    socket.on('connect', () => socket.destroy());
  });
  expect(refused).toBe(true);
});

test('a name that points here (DNS rebinding) is refused, also for the page', async () => {
  const { port, token } = await host();
  const authorization = `Bearer ${token}`;
  for (const name of ['evil.example', `evil.example:${port}`, '127.0.0.1', `127.0.0.1:${port + 1}`]) {
    const answer = await raw(port, '/', { headers: { host: name, authorization } });
    expect(answer.status, name).toBe(403);
    expect(JSON.parse(answer.body).error).toMatchObject({
      code: 'forbidden',
      hint: expect.stringContaining(`${port}`),
    });
  }
  expect(await talk(port, 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1.1 403 /);
  const twice = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`;
  expect(await talk(port, twice)).toMatch(/^HTTP\/1.1 4/);
  for (const name of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`]) {
    expect((await raw(port, '/', { headers: { host: name } })).status, name).toBe(200);
  }
});

test('another site, or another port of this machine, may not call', async () => {
  const { port, rpc, get } = await host();
  for (const origin of ['http://evil.example', 'null', `http://127.0.0.1:${port + 1}`, `https://127.0.0.1:${port}`]) {
    const answer = await rpc('models.list', {}, { origin });
    expect(answer.status, origin).toBe(403);
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  }
  expect((await rpc('models.list', {}, { origin: `http://127.0.0.1:${port}` })).status).toBe(200);
  const image = await get('media/1', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' });
  expect(image.status).toBe(403);
});

test('a preflight gets no permission', async () => {
  const { port } = await host();
  const headers = { origin: 'http://evil.example', 'access-control-request-method': 'POST' };
  expect((await raw(port, '/rpc/models.list', { method: 'OPTIONS', headers })).status).toBe(403);
  const own = await raw(port, '/rpc/models.list', { method: 'OPTIONS' });
  expect(own.status).toBe(405);
  expect(own.headers['access-control-allow-origin']).toBeUndefined();
});

test('a form of another site is refused by its content type, whatever it carries', async () => {
  const { port, rpc, records } = await host();
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', '']) {
    const answer = await rpc('models.list', {}, { 'content-type': type });
    expect(answer.status, type).toBe(415);
  }
  expect((await rpc('models.list', {}, { 'content-type': 'application/json; charset=latin1' })).status).toBe(415);
  expect((await rpc('models.list', {}, { 'content-encoding': 'gzip' })).status).toBe(415);
  expect((await raw(port, '/session', { method: 'POST', headers: {} })).status).toBe(401);
  expect(records).toEqual([]);
});

test('all but the page needs the token, and says where to find it', async () => {
  const { port, token, url, records } = await host();
  const wrong = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
  for (const given of [undefined, 'Bearer', `Bearer ${wrong}`, `Bearer ${token}x`, `Basic ${token}`, token]) {
    const headers = given === undefined ? json : { ...json, authorization: given };
    for (const [method, path] of [
      ['POST', '/rpc/models.list'],
      ['POST', '/cancel/1'],
      ['POST', '/session'],
      ['GET', '/events?client=a'],
      ['GET', '/media/1'],
    ] as const) {
      const answer = await raw(port, path, { method, headers });
      expect(answer.status, `${method} ${path} ${given}`).toBe(401);
      expect(JSON.parse(answer.body).error.hint).toContain('serve');
    }
  }
  // In the query the token would end up in logs and histories.
  expect((await raw(port, `/media/1?token=${token}`)).status).toBe(401);
  expect((await fetch(url)).status).toBe(200);
  expect(records).toEqual([]);
});

test('the cookie opens pictures and events, never a call', async () => {
  const { port, token, url } = await host();
  const authorization = `Bearer ${token}`;
  const session = await fetch(`${url}session`, { method: 'POST', headers: { ...json, authorization } });
  expect(await session.json()).toEqual({ ok: true, value: {} });
  const set = session.headers.get('set-cookie') ?? '';
  expect(set).toMatch(/^novo-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/);
  expect(set).toContain(`novo-${port}=`);
  expect(set).not.toContain(token);
  const cookie = `other=1; ${set.split(';')[0]}`;
  expect((await raw(port, '/media/1', { headers: { cookie } })).status).toBe(404);
  const events = await fetch(`${url}events?client=a`, { headers: { cookie } });
  expect(events.status).toBe(200);
  await events.body?.cancel();
  expect((await raw(port, '/rpc/models.list', { method: 'POST', headers: { ...json, cookie } })).status).toBe(401);
  const asToken = { ...json, authorization: `Bearer ${/=([\w-]+)/.exec(set)?.[1]}` };
  expect((await raw(port, '/rpc/models.list', { method: 'POST', headers: asToken })).status).toBe(401);
  const elsewhere = { cookie: cookie.replace(`novo-${port}`, `novo-${port + 1}`) };
  expect((await raw(port, '/media/1', { headers: elsewhere })).status).toBe(401);
});

test('secrets of any length are compared in full', () => {
  expect(sameSecret('abc', 'abc')).toBe(true);
  for (const other of ['', 'ab', 'abd', 'abcd', 'äbc']) expect(sameSecret('abc', other)).toBe(false);
});

test('a method other than those of the address is 405 and names them', async () => {
  const { port } = await host();
  for (const [path, method, allow] of [
    ['/rpc/models.list', 'GET', 'POST'],
    ['/session', 'PUT', 'POST'],
    ['/events?client=a', 'POST', 'GET'],
    ['/media/1', 'DELETE', 'GET, HEAD'],
    ['/', 'POST', 'GET, HEAD'],
  ]) {
    const answer = await raw(port, path!, { method: method! });
    expect([answer.status, answer.headers.allow], `${method} ${path}`).toEqual([405, allow]);
  }
});

test('every answer carries the security headers, errors of every kind included', async () => {
  const { port, token } = await host();
  const authorization = `Bearer ${token}`;
  const answers = [
    await raw(port, '/'),
    await raw(port, '/none.js'),
    await raw(port, '/', { headers: { host: 'evil.example' } }),
    await raw(port, '/..%2f'),
    await raw(port, '/rpc/models.list', { method: 'POST', headers: json }),
    await raw(port, '/rpc/models.list', { method: 'POST', headers: { ...json, authorization }, body: '{}' }),
    await raw(port, '/media/1', { headers: { authorization } }),
    await raw(port, '/', { method: 'DELETE' }),
    await raw(port, '/', { headers: { expect: 'nonsense' } }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 404, 403, 400, 401, 200, 404, 405, 200]);
  const policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; " +
    "worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  for (const { headers } of answers) {
    expect(headers).toMatchObject({
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
  }
  for (const nonsense of ['NONSENSE\r\n\r\n', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`]) {
    const said = await talk(port, nonsense);
    expect(said).toMatch(/^HTTP\/1.1 4(00|31) /);
    expect(said).toContain(policy);
  }
});
