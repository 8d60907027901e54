/** @file The files of the built page, from exactly one folder; other addresses of the page get its index.html. */
import { openAsBlob } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { errorResponse } from '../api/media.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** Without scripts and styles, which the policy for pages would refuse. */
const noPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Novo Annotate</title>
<h1>Novo Annotate is running</h1>
<p>There is no page to show: it has not been built in this copy.</p>
<p>Programs can call the application; docs/web-host.md says how.</p>
</html>
`;

/** `path` is decoded and has no `.` or `..` parts (see `decodePath`). `folder` is where the page was built, if it was. */
export async function servePage(folder: string | undefined, path: string, ifNoneMatch: string | undefined) {
  // Only names that a build gives to files: no hidden ones, and no ":" of Windows streams and drives.
  const plain = path.split('/').every((part) => !part.startsWith('.') && !part.includes(':'));
  const wanted = plain ? await find(folder, path) : null;
  // An address of the page itself has no file ending; a missing script or picture must not turn into HTML.
  const found = wanted ?? (plain && extname(path) === '' ? await find(folder, '/index.html') : null);
  if (found) {
    const headers = { ETag: found.etag, 'Cache-Control': 'no-cache' };
    if (ifNoneMatch === found.etag) return new Response(null, { status: 304, headers });
    const blob = await openAsBlob(found.file);
    return new Response(blob.stream(), {
      headers: {
        ...headers,
        'Content-Type': types[extname(found.file).toLowerCase()] ?? 'application/octet-stream',
        'Content-Length': String(blob.size),
      },
    });
  }
  if (path === '/') {
    return new Response(noPage, { headers: { 'Content-Type': types['.html']!, 'Cache-Control': 'no-store' } });
  }
  return errorResponse({ code: 'not-found', message: 'There is nothing at this address.' });
}

type Found = { readonly file: string; readonly etag: string };

/** A regular file inside `folder`, also after all links are followed. */
async function find(folder: string | undefined, path: string): Promise<Found | null> {
  if (folder === undefined) return null;
  try {
    const root = await realpath(folder);
    const file = await realpath(join(root, path.endsWith('/') ? `${path}index.html` : path));
    const found = await stat(file);
    if (!file.startsWith(root.endsWith(sep) ? root : root + sep) || !found.isFile()) return null;
    return { file, etag: `"${found.size.toString(36)}-${Math.round(found.mtimeMs).toString(36)}"` };
  } catch {
    return null;
  }
}
