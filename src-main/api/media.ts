/**
 * @file Pictures for a page, by image id and never by path: a WHATWG `Request -> Response` function that every host
 * mounts under `/media/`. What comes out is image space: upright, opaque, the first frame.
 *
 *   GET /media/ID             full size: the file itself where a browser shows it as we do, else re-encoded
 *   GET /media/ID?max=1024    the longer side at most that many pixels (see `levels`); never enlarged
 */
import { openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import sharp, { type Metadata } from 'sharp';
import { AppError, type ErrorBody, type ErrorCode, toErrorBody } from '../contract/errors.ts';
import { checkPixelLimit, decodeImage, hashFile, type ImageInfo, readImageInfo } from '../engine/image/decode.ts';

/** The file of an image of the project, or null where there is no such image. */
export type ImageResolver = (id: string) => string | null | Promise<string | null>;

/** Longer sides that may be asked for, in pixels. A short list, so that a browser's cache holds few variants. */
export const levels = [128, 256, 512, 1024, 2048, 4096, 8192] as const;

/** Part of every ETag: raise it when the way pictures are re-encoded changes. */
const encoding = 1;

/** Formats that every browser shows. */
const webFormats: readonly string[] = ['jpeg', 'png', 'webp', 'gif', 'avif'];

/** At 92 and full colour resolution the difference to the original cannot be seen when masks are drawn on it. */
const fullJpeg = { quality: 92, chromaSubsampling: '4:4:4' };
const levelJpeg = { quality: 88 };

const statusOf: Partial<Readonly<Record<ErrorCode, number>>> = {
  'bad-request': 400,
  forbidden: 403,
  'not-found': 404,
  'bad-image': 422,
  cancelled: 503,
};

/** An error as every host answers it: the envelope of `contract/result.ts`, with a status for those that read only that. */
export function errorResponse(error: ErrorBody, status = statusOf[error.code] ?? 500, headers = {}): Response {
  return Response.json({ ok: false, error }, { status, headers: { 'Cache-Control': 'no-store', ...headers } });
}

/**
 * Answers `GET` and `HEAD` of `/media/ID`. Never rejects: expected failures are `errorResponse`s, unexpected ones go
 * to `log` with their trace and are answered without it.
 */
export async function serveMedia(
  request: Request,
  resolve: ImageResolver,
  log: (line: string) => void = () => undefined,
): Promise<Response> {
  try {
    return await answer(request, resolve);
  } catch (thrown) {
    const error = toErrorBody(thrown);
    if (error.code === 'internal') log(thrown instanceof Error ? (thrown.stack ?? error.message) : error.message);
    return errorResponse(error);
  }
}

async function answer(request: Request, resolve: ImageResolver): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    const message = 'Pictures can only be read.';
    return errorResponse({ code: 'bad-request', message }, 405, { Allow: 'GET, HEAD' });
  }
  const url = new URL(request.url);
  const id = /^\/media\/([\w-]{1,128})$/.exec(url.pathname)?.[1];
  const max = levelOf(url.searchParams.get('max'));
  const file = id === undefined ? null : await resolve(id);
  if (file === null) {
    throw new AppError('not-found', 'The project has no such image.', { hint: 'Reload the page.' });
  }
  const info = await readImageInfo(file);
  checkPixelLimit('The image', info);
  const reduced = max !== null && max < Math.max(info.width, info.height) ? max : null;
  const etag = `"${(await contentHash(file)).slice(0, 32)}-${reduced ?? 'full'}-${encoding}"`;
  const headers = {
    ETag: etag,
    // Kept by the browser, asked about each time: the file behind an id may be edited.
    'Cache-Control': 'private, no-cache',
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'same-origin',
  };
  if (matches(request.headers.get('If-None-Match'), etag)) return new Response(null, { status: 304, headers });
  if (reduced === null && (await isShownAsStored(file, info))) return stored(request, file, info, headers);
  const [type, encode] = encoder(info, reduced);
  const rendered = { ...headers, 'Content-Type': type };
  if (request.method === 'HEAD') return new Response(null, { headers: rendered });
  const bytes = await inTurn(() => {
    request.signal.throwIfAborted();
    return encode(file);
  });
  return new Response(new Uint8Array(bytes), { headers: { ...rendered, 'Content-Length': String(bytes.length) } });
}

function levelOf(text: string | null): number | null {
  if (text === null) return null;
  const level = levels.find((known) => String(known) === text);
  if (level !== undefined) return level;
  throw new AppError('bad-request', `max is one of ${levels.join(', ')} pixels.`);
}

function matches(header: string | null, etag: string): boolean {
  return (header ?? '').split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag || tag.trim() === '*');
}

/** Whether a browser shows the file as `decodeImage` does: no turn, no frames to play, nothing see-through, no inks. */
async function isShownAsStored(file: string, { format, orientation, pages }: ImageInfo): Promise<boolean> {
  if (!webFormats.includes(format) || orientation !== 1 || pages !== 1) return false;
  const { hasAlpha, space }: Metadata = await sharp(file).metadata();
  return !hasAlpha && space !== 'cmyk';
}

type Encoder = readonly [type: string, encode: (file: string) => Promise<Buffer>];

/** Full size stays lossless where the file was; levels are for looking at and are always JPEG. */
function encoder({ format, width, height }: ImageInfo, max: number | null): Encoder {
  const size = { width: max ?? width, height: max ?? height, fit: 'inside', withoutEnlargement: true } as const;
  const decoded = async (file: string) => {
    const { data, width, height } = await decodeImage(file);
    return sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false });
  };
  if (max === null) {
    const lossy = format === 'jpeg' || format === 'webp' || format === 'avif';
    if (lossy) return ['image/jpeg', async (file) => (await decoded(file)).jpeg(fullJpeg).toBuffer()];
    return ['image/png', async (file) => (await decoded(file)).png({ compressionLevel: 3 }).toBuffer()];
  }
  return [
    'image/jpeg',
    async (file) => {
      // libjpeg decodes straight to 1/2, 1/4 or 1/8, which makes a thumbnail of a large photo several times faster.
      const quick = format === 'jpeg' && (await sharp(file).metadata()).space !== 'cmyk';
      if (!quick) return (await decoded(file)).resize(size).jpeg(levelJpeg).toBuffer();
      const opened = sharp(file, { failOn: 'error', ignoreIcc: true }).autoOrient();
      return opened
        .resize(size)
        .toColourspace('srgb')
        .jpeg(levelJpeg)
        .toBuffer()
        .catch((cause: unknown) => {
          throw new AppError('bad-image', 'The image is damaged or incomplete.', { cause });
        });
    },
  ];
}

/** The file itself, in whole or the one range that was asked for; several ranges at once are answered with the whole. */
async function stored(
  request: Request,
  file: string,
  { format }: ImageInfo,
  headers: Record<string, string>,
): Promise<Response> {
  const blob = await openAsBlob(file);
  const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.get('Range') ?? '');
  const unchanged = (request.headers.get('If-Range') ?? headers['ETag']) === headers['ETag'];
  let [from, to] = [0, blob.size];
  const partial = range !== null && unchanged && `${range[1]}${range[2]}` !== '';
  if (partial) {
    from = range[1] === '' ? Math.max(0, blob.size - Number(range[2])) : Number(range[1]);
    to = range[1] === '' || range[2] === '' ? blob.size : Math.min(blob.size, Number(range[2]) + 1);
    if (from >= to) {
      const message = 'The picture has no such bytes.';
      return errorResponse({ code: 'bad-request', message }, 416, { 'Content-Range': `bytes */${blob.size}` });
    }
  }
  return new Response(request.method === 'HEAD' ? null : blob.slice(from, to).stream(), {
    status: partial ? 206 : 200,
    headers: {
      ...headers,
      'Content-Type': `image/${format}`,
      'Content-Length': String(to - from),
      'Accept-Ranges': 'bytes',
      ...(partial ? { 'Content-Range': `bytes ${from}-${to - 1}/${blob.size}` } : {}),
    },
  });
}

/** Files are hashed once, and again when their size or time changes. */
const hashes = new Map<string, Promise<string>>();
const keptHashes = 10_000;

async function contentHash(file: string): Promise<string> {
  const { size, mtimeMs, ino } = await stat(file);
  const key = `${size} ${mtimeMs} ${ino} ${file}`;
  const known = hashes.get(key);
  if (known) return known;
  if (hashes.size >= keptHashes) hashes.clear();
  const hash = hashFile(file);
  hashes.set(key, hash);
  hash.catch(() => hashes.delete(key));
  return hash;
}

/** A decoded photo takes up to 360 MB: two at a time, whatever number of thumbnails a page asks for. */
let free = 2;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (free > 0) free -= 1;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  }
}
