import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { eventually, host, readEvents } from './host.ts';

test('a stream begins with ready and brings what is published, to every page', async () => {
  const { get, publish } = await host();
  const streams = await Promise.all(['a', 'b'].map((client) => get(`events?client=${client}`)));
  expect(streams[0]?.headers.get('content-type')).toBe('text/event-stream');
  publish('changed', { text: 'two\nlines, and ünïcödé' });
  for (const stream of streams) {
    const [ready, changed] = await readEvents(stream, ({ event }) => event === 'changed');
    expect(ready).toMatchObject({ event: 'ready', data: { missed: false } });
    expect(changed).toMatchObject({ event: 'changed', data: { text: 'two\nlines, and ünïcödé' } });
  }
});

test('a page that comes back gets what it missed, once', async () => {
  const { get, publish } = await host();
  const first = await get('events?client=a');
  publish('changed', 1);
  const before = await readEvents(first, ({ event }) => event === 'changed');
  publish('changed', 2);
  publish('changed', 3);
  const again = await get('events?client=a', { 'last-event-id': before.at(-1)!.id });
  const after = await readEvents(again, ({ data }) => data === 3);
  expect(after.map(({ event, data }) => [event, data])).toEqual([
    ['ready', { missed: false }],
    ['changed', 2],
    ['changed', 3],
  ]);
});

test('a page that missed more than is kept is told so, and gets the rest', async () => {
  const { get, publish } = await host({ limits: { keptEvents: 2 } });
  const [ready] = await readEvents(await get('events?client=a'), () => true);
  for (const data of [1, 2, 3]) publish('changed', data);
  const again = await get('events?client=a', { 'last-event-id': ready!.id });
  const after = await readEvents(again, ({ data }) => data === 3);
  expect(after.map(({ data }) => data)).toEqual([{ missed: true }, 2, 3]);
});

test('an id of an earlier start, or nonsense, counts as missed', async () => {
  const { get } = await host();
  for (const id of ['d2719a5c-0000-4000-8000-000000000000.3', '7', 'x.y.z']) {
    const [ready] = await readEvents(await get(`events?client=c${id.length}`, { 'last-event-id': id }), () => true);
    expect(ready?.data, id).toEqual({ missed: true });
  }
});

test('silence is broken by heartbeats', async () => {
  const { get } = await host({ limits: { heartbeatMs: 30 } });
  let beats = 0;
  const seen = await readEvents(await get('events?client=a'), ({ event }) => event === 'comment' && ++beats === 3);
  expect(seen.filter(({ event }) => event === 'comment')).toHaveLength(3);
});

test('for a page that does not read only the last events are kept, and it is told so when it reads again', async () => {
  const { port, token, publish } = await host({ limits: { keptEvents: 8 } });
  const socket = connect(port, '127.0.0.1');
  let heard = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    heard += text;
  });
  const target = 'GET /events?client=slow HTTP/1.1';
  socket.write(`${target}\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\n\r\n`);
  await eventually(() => heard.includes('ready'));
  socket.pause();
  const large = 'x'.repeat(100_000);
  for (let k = 0; k < 1000; k++) {
    publish('changed', { k, large });
    await new Promise((resolve) => setImmediate(resolve));
  }
  socket.resume();
  await eventually(() => heard.includes('"missed":true') && heard.includes('{"k":999,'));
  // A tenth of what was published: what the system buffers for a socket, and the queue.
  expect(heard.length).toBeLessThan(100 * large.length);
  socket.destroy();
});

test('the number of pages and their names are bounded; a page that left makes room', async () => {
  const { get } = await host({ limits: { channels: 1, keptChannelMs: 50 } });
  expect((await get('events')).status).toBe(400);
  expect((await get('events?client=a%20b')).status).toBe(400);
  const first = await get('events?client=a');
  expect((await get('events?client=b')).status).toBe(429);
  await first.body?.cancel();
  let status = 429;
  for (let k = 0; k < 100 && status === 429; k++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const answer = await get('events?client=b');
    status = answer.status;
    await answer.body?.cancel();
  }
  expect(status).toBe(200);
});
