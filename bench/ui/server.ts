/** @file Builds the bench's page and serves it on this machine under the policy that the application's page has. */
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import sharp from 'sharp';
import { build } from 'vite';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
};
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; worker-src 'self' blob:";

/**
 * @param pictures full-size pictures by id; smaller levels are made when asked for
 * @param json answers of other paths
 */
export async function servePage(pictures: ReadonlyMap<string, Buffer>, json: Readonly<Record<string, unknown>>) {
  const out = mkdtempSync(join(tmpdir(), 'novo-bench-ui-'));
  await build({
    root: import.meta.dirname,
    configFile: false,
    base: './',
    logLevel: 'warn',
    build: { outDir: out, emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
    worker: { format: 'es' },
  });
  const levels = new Map<string, Promise<Buffer>>();
  const picture = (id: string, max: string | null) => {
    const full = pictures.get(id);
    if (full === undefined || max === null) return full;
    const key = `${id} ${max}`;
    const made =
      levels.get(key) ??
      sharp(full)
        .resize({ width: Number(max), height: Number(max), fit: 'inside' })
        .jpeg({ quality: 88 })
        .toBuffer();
    levels.set(key, made);
    return made;
  };
  const answer = async (url: URL): Promise<{ type: string; body: string | Buffer } | null> => {
    if (url.pathname === '/favicon.ico') return { type: 'image/x-icon', body: '' };
    const known = json[url.pathname];
    if (known !== undefined) return { type: 'application/json', body: JSON.stringify(known) };
    if (url.pathname.startsWith('/media/')) {
      const body = await picture(url.pathname.slice('/media/'.length), url.searchParams.get('max'));
      return body === undefined ? null : { type: 'image/jpeg', body };
    }
    const file = normalize(url.pathname === '/' ? '/index.html' : url.pathname);
    try {
      return { type: types[extname(file)] ?? 'application/octet-stream', body: await readFile(join(out, file)) };
    } catch {
      return null;
    }
  };
  const server = createServer(async (request, response) => {
    const found = await answer(new URL(request.url ?? '/', 'http://127.0.0.1'));
    response.writeHead(found === null ? 404 : 200, {
      'Content-Security-Policy': policy,
      'Content-Type': found?.type ?? 'text/plain',
    });
    response.end(found?.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
      rmSync(out, { recursive: true, force: true });
    },
  };
}
