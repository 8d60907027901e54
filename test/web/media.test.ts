import { readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { serveMedia } from '../../src-main/api/media.ts';
import { decodeImage } from '../../src-main/engine/image/decode.ts';
import { envelope, host, temporaryFolder } from './host.ts';

const fixtures = join(import.meta.dirname, '../fixtures/image');
const images = (id: string) => (id === 'gone' ? join(fixtures, 'gone.jpg') : (byId.get(id) ?? null));
const byId = new Map<string, string>();
beforeAll(() => {
  for (const name of ['rgb.jpg', 'turned-6.jpg', 'turned-6.png', 'turned-6.tif', 'alpha.png', 'cmyk.jpg', 'rgb.tif']) {
    byId.set(name.replace('.', '-'), join(fixtures, name));
  }
  for (const name of ['animated.gif', 'rgb.avif', 'rgb.webp', 'top-down.bmp', 'expected.json', 'png-called.jpg']) {
    byId.set(name.replace('.', '-'), join(fixtures, name));
  }
});
const bytes = async (answer: Response) => Buffer.from(await answer.arrayBuffer());
const ask = (path: string, headers = {}) => serveMedia(new Request(`http://x/media/${path}`, { headers }), images);

/** Mean difference of 8-bit samples to what the models see. */
async function differenceTo(file: string, answered: Buffer): Promise<number> {
  const [a, b] = await Promise.all([decodeImage(file), decodeImage(answered)]);
  expect([b.width, b.height]).toEqual([a.width, a.height]);
  return a.data.reduce((sum, value, k) => sum + Math.abs(value - b.data[k]!), 0) / a.data.length;
}

test('a photo that a camera stored turned comes out upright, through HTTP', async () => {
  const { get } = await host({ images });
  for (const [id, type] of [
    ['turned-6-jpg', 'image/jpeg'],
    ['turned-6-png', 'image/png'],
    ['turned-6-tif', 'image/png'],
  ] as const) {
    const answer = await get(`media/${id}`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type]);
    const answered = await bytes(answer);
    expect((await sharp(answered).metadata()).orientation ?? 1).toBe(1);
    expect(await differenceTo(byId.get(id)!, answered), id).toBeLessThan(type === 'image/png' ? 0.01 : 6);
  }
});

test('a plain photo is the file itself, under its true type', async () => {
  for (const [id, type] of [
    ['rgb-jpg', 'image/jpeg'],
    ['rgb-webp', 'image/webp'],
    ['rgb-avif', 'image/avif'],
    ['png-called-jpg', 'image/png'],
  ] as const) {
    const answer = await ask(id);
    expect(answer.headers.get('content-type'), id).toBe(type);
    expect((await bytes(answer)).equals(await readFile(byId.get(id)!)), id).toBe(true);
  }
});

test('what a browser would show otherwise is shown as the models see it: alpha on white, one frame, no inks', async () => {
  for (const id of ['alpha-png', 'animated-gif', 'cmyk-jpg', 'rgb-tif', 'top-down-bmp']) {
    const answer = await ask(id);
    const answered = await bytes(answer);
    expect((await sharp(answered).metadata()).hasAlpha, id).toBe(false);
    expect(await differenceTo(byId.get(id)!, answered), id).toBeLessThan(6);
  }
});

test('levels are upright, never enlarged, and only those of the list', async () => {
  const folder = await temporaryFolder();
  const noise = await sharp({ create: { width: 1200, height: 700, channels: 3, background: '#369' } })
    .composite([{ input: { create: { width: 300, height: 100, channels: 3, background: '#fff' } }, left: 0, top: 0 }])
    .jpeg()
    .withMetadata({ orientation: 6 })
    .toBuffer();
  for (const [name, data] of [
    ['large', noise],
    ['large-png', await sharp(noise).keepMetadata().png().toBuffer()],
  ] as const) {
    byId.set(name, join(folder, name));
    await writeFile(join(folder, name), data);
    const answer = await ask(`${name}?max=256`);
    expect(answer.headers.get('content-type')).toBe('image/jpeg');
    const small = await decodeImage(await bytes(answer));
    expect([small.width, small.height]).toEqual([149, 256]);
    // The white corner was top left as stored; turned upright it is top right.
    expect([small.data[0]! < 100, small.data[(small.width - 2) * 3]! > 200]).toEqual([true, true]);
    const own = await decodeImage(await bytes(await ask(`${name}?max=4096`)));
    expect([own.width, own.height]).toEqual([700, 1200]);
  }
  expect((await bytes(await ask('rgb-jpg?max=256'))).equals(await readFile(byId.get('rgb-jpg')!))).toBe(true);
  for (const max of ['0', '-1', '1e9', '100', '256.0', '']) {
    const refused = await ask(`rgb-jpg?max=${max}`);
    expect([refused.status, (await envelope(refused)).error.message]).toEqual([400, expect.stringContaining('4096')]);
  }
});

test('kept by the browser until the content changes, whatever the file is called', async () => {
  const folder = await temporaryFolder();
  byId.set('edited', join(folder, 'a.jpg'));
  await writeFile(join(folder, 'a.jpg'), await readFile(byId.get('rgb-jpg')!));
  const first = await ask('edited');
  const etag = first.headers.get('etag')!;
  expect(etag).toBe((await ask('rgb-jpg')).headers.get('etag'));
  expect(first.headers.get('cache-control')).toMatch(/^private/);
  expect(first.headers.get('x-content-type-options')).toBe('nosniff');
  for (const tags of [etag, `"other", W/${etag}`]) {
    const same = await ask('edited', { 'if-none-match': tags });
    expect([same.status, same.body]).toEqual([304, null]);
  }
  await writeFile(join(folder, 'a.jpg'), await readFile(byId.get('turned-6-jpg')!));
  await utimes(join(folder, 'a.jpg'), new Date(), new Date(Date.now() + 5000));
  expect((await ask('edited', { 'if-none-match': etag })).status).toBe(200);
});

test('parts of a file', async () => {
  const file = await readFile(byId.get('rgb-jpg')!);
  const size = file.length;
  for (const [range, from, to] of [
    ['bytes=0-9', 0, 10],
    [`bytes=${size - 5}-`, size - 5, size],
    ['bytes=-7', size - 7, size],
    ['bytes=10-999999', 10, size],
  ] as const) {
    const answer = await ask('rgb-jpg', { range });
    expect([answer.status, answer.headers.get('content-range')]).toEqual([206, `bytes ${from}-${to - 1}/${size}`]);
    expect((await bytes(answer)).equals(file.subarray(from, to)), range).toBe(true);
  }
  const beyond = await ask('rgb-jpg', { range: `bytes=${size}-` });
  expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${size}`]);
  for (const headers of [
    { range: 'bytes=0-1,4-5' },
    { range: 'bytes=-' },
    { range: 'bytes=0-1', 'if-range': '"old"' },
  ]) {
    expect((await ask('rgb-jpg', headers)).status).toBe(200);
  }
});

test('HEAD has the headers and no body', async () => {
  const { url, token } = await host({ images });
  for (const id of ['rgb-jpg', 'turned-6-jpg']) {
    const answer = await fetch(`${url}media/${id}`, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${token}` },
    });
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([200, 'image/jpeg', '']);
  }
});

test('what cannot be shown says why, with a status', async () => {
  const folder = await temporaryFolder();
  byId.set('cut', join(folder, 'cut.jpg'));
  const whole = await readFile(byId.get('turned-6-jpg')!);
  await writeFile(join(folder, 'cut.jpg'), whole.subarray(0, whole.length - 200));
  byId.set('folder', folder);
  for (const [id, status, code] of [
    ['nobody', 404, 'not-found'],
    ['gone', 404, 'not-found'],
    ['expected-json', 422, 'bad-image'],
    ['cut', 422, 'bad-image'],
    ['folder', 422, 'bad-image'],
  ] as const) {
    const answer = await ask(id);
    const { ok, error } = await envelope(answer);
    expect([answer.status, ok, error.code], id).toEqual([status, false, code]);
    expect(error.message.length).toBeGreaterThan(10);
  }
});

test('many at once all arrive', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask('turned-6-jpg')));
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
});
