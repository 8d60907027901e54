import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type CatalogueEntry, findEntry, readCatalogue } from '../../src-main/engine/packs/catalogue.ts';
import { type DownloadOptions, type DownloadProgress, downloadPack } from '../../src-main/engine/packs/download.ts';
import { findPack } from '../../src-main/engine/packs/registry.ts';
import { manifest, sha256, temporary } from './sample.ts';
import { serve } from './server.ts';

const bytes = (length: number, factor: number) => new Uint8Array(length).map((_, i) => (i * factor + (i >> 8)) & 255);
const weights = bytes(600_000, 7);
const words = bytes(1000, 3);
const half = 300_000;

async function offer(contents: Record<string, Uint8Array> = { 'w.bin': weights, 'deep/words.txt': words }) {
  const home = await temporary();
  const server = await serve({});
  const declare = (declared: Record<string, Uint8Array>) => {
    server.files['/p/pack.json'] = Buffer.from(JSON.stringify(manifest('p', declared)));
    const sum = Object.values(declared).reduce((total, content) => total + content.length, 0);
    return {
      id: 'p',
      title: 'P',
      licence: 'CC0-1.0',
      bytes: sum,
      manifestUrl: `${server.url}/p/pack.json`,
    } satisfies CatalogueEntry;
  };
  const entry = declare(contents);
  for (const [path, content] of Object.entries(contents)) server.files[`/p/${path}`] = content;
  const env = { NOVO_HOME: home };
  const download = (options: DownloadOptions = {}, from: CatalogueEntry = entry) =>
    downloadPack(from, { env, retryMs: 1, ...options });
  const packs = join(home, 'packs');
  const left = () => readdir(packs).catch(() => []);
  const part = async () => (await readFile(join(packs, '.download-p', `${sha256(weights)}.part`))).length;
  const requests = () => server.log.filter((line) => line.includes('w.bin'));
  return { server, entry, env, packs, declare, download, left, part, requests };
}

test('a pack arrives whole, with progress, and is found; a second download has nothing to do', async () => {
  const { download, env, left, requests } = await offer();
  const seen: DownloadProgress[] = [];
  const installed = await download({ onProgress: (progress) => seen.push(progress) });
  expect(await findPack('p', env)).toEqual(installed);
  expect(new Uint8Array(await readFile(join(installed.folder, 'w.bin')))).toEqual(weights);
  expect(new Uint8Array(await readFile(join(installed.folder, 'deep', 'words.txt')))).toEqual(words);
  expect(seen.at(-1)).toMatchObject({ done: 601_000, total: 601_000, secondsLeft: 0 });
  expect(seen.at(-1)!.bytesPerSecond).toBeGreaterThan(0);
  expect(await left()).toEqual(['p']);
  await download();
  expect(requests()).toHaveLength(1);
});

test('a connection that drops half-way is continued where it ended', async () => {
  const { server, download, requests } = await offer();
  server.dropAfter = [half, 100_000];
  await download();
  expect(requests()).toEqual(['/p/w.bin', `/p/w.bin bytes=${half}-`, `/p/w.bin bytes=${half + 100_000}-`]);
});

test('a server that keeps failing is given up, and the next call continues', async () => {
  const { server, download, requests, part, left } = await offer();
  server.dropAfter = [half, 0, 0, 0];
  await expect(download()).rejects.toMatchObject({
    code: 'io',
    message: expect.stringContaining(`after ${half} of 600000 bytes`),
    hint: expect.stringContaining('continue'),
  });
  expect(await part()).toBe(half);
  expect(await left()).toEqual(['.download-p']);
  await download();
  expect(requests().at(-1)).toBe(`/p/w.bin bytes=${half}-`);
  expect(await left()).toEqual(['p']);
});

test('a server without ranges sends the file again', async () => {
  const { server, download, requests } = await offer();
  server.ranges = false;
  server.dropAfter = [half];
  await download();
  expect(requests()).toHaveLength(2);
});

test('a file that changed between two attempts is taken from its start', async () => {
  const { server, entry, download, env } = await offer();
  const older = bytes(600_000, 11);
  server.files['/p/w.bin'] = older;
  server.dropAfter = [half, 0, 0, 0];
  await expect(download()).rejects.toMatchObject({ code: 'io' });
  server.files['/p/w.bin'] = weights;
  const installed = await downloadPack(entry, { env });
  expect(new Uint8Array(await readFile(join(installed.folder, 'w.bin')))).toEqual(weights);
});

test.each(['weak', 'none'] as const)(
  'with a %s tag a changed file shows in its hash, and nothing of it is kept',
  async (etag) => {
    const { server, download, part } = await offer();
    server.etag = etag;
    server.files['/p/w.bin'] = bytes(600_000, 11);
    server.dropAfter = [half];
    server.instead = (path, request) => {
      if (path === '/p/w.bin' && request.headers.range) server.files['/p/w.bin'] = weights;
      return false;
    };
    await expect(download()).rejects.toMatchObject({ code: 'bad-pack', message: expect.stringContaining('SHA-256') });
    expect(await part()).toBe(0);
    await download();
  },
);

test('a file with the wrong content, too long or too short, is refused and not kept', async () => {
  const { server, download, left, part } = await offer();
  const wrong = weights.slice();
  wrong[5]! ^= 1;
  server.files['/p/w.bin'] = wrong;
  await expect(download()).rejects.toMatchObject({ code: 'bad-pack', message: expect.stringContaining(sha256(wrong)) });
  expect(await part()).toBe(0);
  for (const content of [bytes(600_001, 7), bytes(599_999, 7)]) {
    server.files['/p/w.bin'] = content;
    await expect(download()).rejects.toMatchObject({
      code: 'bad-pack',
      message: expect.stringContaining(`${content.length} bytes, and 600000 were declared`),
    });
    expect(await part()).toBe(0);
  }
  expect(await left()).toEqual(['.download-p']);
});

test('a server that does not say the length is cut off, or found to end early', async () => {
  const { server, download, part, requests } = await offer();
  let sent = 0;
  server.instead = (path, _, response) => {
    if (path !== '/p/w.bin') return false;
    const endless = () => {
      while (!response.destroyed && response.write(weights)) sent += weights.length;
    };
    response.on('drain', endless);
    endless();
    return true;
  };
  await expect(download()).rejects.toMatchObject({
    code: 'bad-pack',
    message: expect.stringContaining('longer than the 600000'),
  });
  expect(await part()).toBe(0);
  expect(sent).toBeLessThan(100e6);

  server.instead = (path, _, response) => {
    if (path !== '/p/w.bin') return false;
    response.write(weights.subarray(0, 1000));
    response.end();
    return true;
  };
  server.log.length = 0;
  server.ranges = false;
  await expect(download()).rejects.toMatchObject({ code: 'io' });
  expect(requests().length).toBeLessThan(6);
});

test('404, a server error and silence each say what happened', async () => {
  const { server, download, requests } = await offer();
  delete server.files['/p/w.bin'];
  await expect(download()).rejects.toMatchObject({ code: 'not-found', message: expect.stringContaining('/p/w.bin') });
  expect(requests()).toHaveLength(1);

  server.files['/p/w.bin'] = weights;
  let failures = 2;
  server.instead = (path, _, response) => {
    if (path !== '/p/w.bin' || failures-- <= 0) return false;
    response.writeHead(503).end();
    return true;
  };
  await download();

  const silent = await offer();
  silent.server.instead = (path) => path === '/p/w.bin';
  await expect(silent.download({ stallMs: 30 })).rejects.toMatchObject({
    code: 'io',
    message: expect.stringContaining('stopped sending'),
  });
});

test('cancelled, what has arrived stays for the next call', async () => {
  const { server, download, requests, part } = await offer();
  const controller = new AbortController();
  server.instead = (path, request, response) => {
    if (path !== '/p/w.bin' || request.headers.range) return false;
    response.writeHead(200, { 'content-length': weights.length, etag: `"${sha256(weights).slice(0, 12)}"` });
    response.write(weights.subarray(0, half));
    setTimeout(() => controller.abort(), 100);
    return true;
  };
  await expect(download({ signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' });
  expect(await part()).toBe(half);
  await download();
  expect(requests().at(-1)).toBe(`/p/w.bin bytes=${half}-`);
});

test('one download of a pack at a time; a lock that a dead process left is no obstacle', async () => {
  const { download, packs, server } = await offer();
  server.dropAfter = [half, 0, 0, 0];
  await expect(download()).rejects.toMatchObject({ code: 'io' });
  const lock = join(packs, '.download-p', 'lock');
  await writeFile(lock, `${process.pid}`);
  await expect(download()).rejects.toMatchObject({ message: expect.stringContaining('already') });
  await writeFile(lock, '999999999');
  await download();
});

test('a file may be declared under any name, and lie anywhere', async () => {
  const { server, declare, download, left } = await offer({ 'w.bin': weights });
  server.files['/p/w.bin.part'] = words;
  server.files['/else%20where'] = weights;
  const entry = declare({ 'w.bin.part': words, 'w.bin': weights });
  const { folder } = await download({}, { ...entry, files: { 'w.bin': `${server.url}/else%20where` } });
  expect((await readdir(folder)).sort()).toEqual(['pack.json', 'w.bin', 'w.bin.part']);
  expect(await left()).toEqual(['p']);
});

test('redirects are followed, but not for ever, and only to allowed addresses', async () => {
  const { server, download } = await offer();
  server.files['/moved'] = weights;
  let location = '/moved';
  server.instead = (path, _, response) => {
    if (path !== '/p/w.bin') return false;
    response.writeHead(302, { location }).end();
    return true;
  };
  for (const [to, code] of [
    ['/p/w.bin', 'io'],
    ['http://example.invalid/w.bin', 'bad-request'],
    ['file:///etc/hosts', 'bad-request'],
  ] as const) {
    location = to;
    await expect(download()).rejects.toMatchObject({ code });
  }
  location = '/moved';
  await download();
});

test('catalogue and manifest must agree, and addresses must be safe', async () => {
  const { entry, download, left } = await offer();
  for (const change of [{ bytes: 5 }, { manifestSha256: '0'.repeat(64) }, { id: 'q' }]) {
    await expect(download({}, { ...entry, ...change })).rejects.toMatchObject({
      code: 'bad-pack',
      message: expect.stringContaining('contradict'),
    });
  }
  await expect(download({}, { ...entry, manifestUrl: 'http://example.invalid/pack.json' })).rejects.toMatchObject({
    code: 'bad-request',
  });
  expect(await left()).toEqual([]);
});

test('a catalogue of the user is a file or an address; a bad one hides nothing and is named', async () => {
  const { entry, server } = await offer();
  const text = JSON.stringify({ schema: 1, entries: [entry] });
  const path = join(await temporary(), 'catalogue.json');
  await writeFile(path, text);
  server.files['/catalogue.json'] = Buffer.from(text);
  for (const source of [path, `${server.url}/catalogue.json`]) {
    expect(await findEntry('p', { NOVO_CATALOGUE: source })).toEqual(entry);
  }
  expect(await readCatalogue({})).toMatchObject({ problems: [] });

  await writeFile(path, JSON.stringify({ schema: 1, entries: [{ ...entry, bytes: -1 }] }));
  const { problems } = await readCatalogue({ NOVO_CATALOGUE: path });
  expect(problems).toMatchObject([
    { code: 'bad-request', message: expect.stringMatching(/\n {2}entries\[0\]\.bytes: /) },
  ]);
  await expect(findEntry('p', { NOVO_CATALOGUE: `${server.url}/none.json` })).rejects.toMatchObject({
    code: 'not-found',
    hint: expect.stringContaining('/none.json does not exist'),
  });
});
