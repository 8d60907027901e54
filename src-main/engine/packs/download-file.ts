/**
 * @file Downloading one file of known size and hash: resumed where the last attempt ended, and never kept unless
 * it is the declared one.
 */
import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../contract/errors.ts';
import { writeAtomic } from '../../files/atomic.ts';
import { readInto } from './hash.ts';
import { get, Interrupted, networkReason, statusError } from './http.ts';

/** A connection that ends is tried again; this many attempts in a row without a new byte are enough. */
const maxIdleAttempts = 3;

export type FileDownload = {
  readonly url: URL;
  /** Where the finished file goes. */
  readonly path: string;
  /** Where it arrives, on the same disk. `${partPath}.version` says which version on the server it is part of. */
  readonly partPath: string;
  readonly size: number;
  readonly sha256: string;
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of bytes of this file that are on the disk; it falls where a part had to be dropped. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
  /** A server that sends nothing for so long is given up. */
  readonly stallMs?: number | undefined;
  /** Pause before another attempt; doubled after each that brought nothing. */
  readonly retryMs?: number | undefined;
};

/** What has arrived of a file. */
type Part = {
  readonly file: FileHandle;
  readonly versionPath: string;
  have: number;
  /** Of the first `have` bytes. */
  hash: Hash;
};

/**
 * Leaves the verified file at `path`. A part that is there is continued with a Range request, tied by If-Range to
 * the version it came from; a server that knows no ranges, or has another version, sends the file from its start.
 * Not one byte more than `size` is taken. After a cancellation or a lost connection the part stays for the next
 * call; a file with the wrong size or hash is removed. Throws AppError: 'io' (connection, disk), 'not-found' and
 * 'forbidden' (the server's answer), 'bad-pack' (another file than the declared one); and the signal's reason.
 */
export async function downloadFile(job: FileDownload): Promise<void> {
  let most = await sizeOf(job.partPath);
  let idle = 0;
  for (;;) {
    try {
      await attempt(job);
      await rename(job.partPath, job.path);
      await rm(`${job.partPath}.version`, { force: true });
      return;
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      const size = await sizeOf(job.partPath);
      idle = size > most ? 0 : idle + 1;
      most = Math.max(most, size);
      if (idle === maxIdleAttempts) {
        const message = `The download of ${job.url.href} ended after ${size} of ${job.size} bytes: ${error.message}`;
        const hint = error.hint ?? 'What has arrived is kept: start the download again to continue it.';
        throw new AppError('io', message, { hint, cause: error });
      }
    }
    await delay((job.retryMs ?? 500) * 2 ** idle, undefined, job.signal ? { signal: job.signal } : {});
  }
}

async function attempt(job: FileDownload): Promise<void> {
  const file = await open(job.partPath, 'a+');
  try {
    const part: Part = {
      file,
      versionPath: `${job.partPath}.version`,
      have: (await file.stat()).size,
      hash: createHash('sha256'),
    };
    if (part.have > job.size) await startAgain(part);
    if (part.have > 0) await readInto(job.partPath, part.hash, { signal: job.signal });
    job.onBytes?.(part.have);
    if (part.have < job.size) await receive(job, part);
    await file.sync();
    const found = part.hash.digest('hex');
    if (found === job.sha256) return;
    await startAgain(part);
    throw otherFile(job, `expected SHA-256 ${job.sha256}, found ${found}`);
  } finally {
    await file.close();
  }
}

/** Appends what is missing, and gives up a server that falls silent. */
async function receive(job: FileDownload, part: Part): Promise<void> {
  const stall = new AbortController();
  const timer = setTimeout(() => stall.abort(), job.stallMs ?? 60_000);
  const signal = job.signal ? AbortSignal.any([job.signal, stall.signal]) : stall.signal;
  try {
    const response = await request(job.url, part, signal);
    await prepareFor(response, job, part);
    for await (const piece of response.body ?? []) {
      timer.refresh();
      if (part.have + piece.length > job.size) {
        await startAgain(part);
        throw otherFile(job, `it is longer than the ${job.size} bytes that were declared`);
      }
      await append(part, piece);
      job.onBytes?.(part.have);
    }
    if (part.have < job.size) throw new Interrupted('the server closed the connection');
  } catch (error) {
    job.signal?.throwIfAborted();
    if (stall.signal.aborted) throw new Interrupted('the server stopped sending', { cause: error });
    if (error instanceof AppError) throw error;
    throw new Interrupted(networkReason(error), { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

async function request(url: URL, part: Part, signal: AbortSignal): Promise<Response> {
  if (part.have === 0) return get(url, { signal });
  const version = await readFile(part.versionPath, 'utf8').catch(() => '');
  // Without a version to tie it to, a file that has changed shows only in the hash at the end.
  const headers = { range: `bytes=${part.have}-`, ...(version ? { 'if-range': version } : {}) };
  const response = await get(url, { headers, signal });
  if (response.status !== 416) return response;
  // The file is shorter than the part by now, so it is another one.
  await response.body?.cancel();
  await startAgain(part);
  return get(url, { signal });
}

/** Checks that the answer is what was asked for, and drops the part where the answer starts at the beginning. */
async function prepareFor(response: Response, job: FileDownload, part: Part): Promise<void> {
  const { status, headers } = response;
  if (status !== 200 && status !== 206) throw await statusError(job.url, response);
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
  if (status === 206 && Number(range?.[1]) !== part.have) {
    await startAgain(part);
    throw new Interrupted('the server sent another part of the file than the one that was asked for');
  }
  if (status === 200 && part.have > 0) await startAgain(part);
  // The length of a compressed answer is not that of the file.
  const length = status === 206 ? range?.[2] : headers.has('content-encoding') ? null : headers.get('content-length');
  if (length && length !== '*' && Number(length) !== job.size) {
    await startAgain(part);
    throw otherFile(job, `it has ${length} bytes, and ${job.size} were declared`);
  }
  if (status === 200) await rememberVersion(part, headers);
}

async function rememberVersion(part: Part, headers: Headers): Promise<void> {
  const etag = headers.get('etag');
  // A weak tag does not promise the same bytes, and must not be used for ranges (RFC 9110, 13.1.5).
  const version = etag && !etag.startsWith('W/') ? etag : headers.get('last-modified');
  if (version) await writeAtomic(part.versionPath, version);
  else await rm(part.versionPath, { force: true });
}

async function append(part: Part, piece: Uint8Array): Promise<void> {
  try {
    await part.file.writeFile(piece);
  } catch (cause) {
    throw new AppError('io', `What was downloaded cannot be written: ${(cause as Error).message}`, { cause });
  }
  part.hash.update(piece);
  part.have += piece.length;
}

async function startAgain(part: Part): Promise<void> {
  await part.file.truncate(0);
  await rm(part.versionPath, { force: true });
  part.have = 0;
  part.hash = createHash('sha256');
}

function otherFile(job: FileDownload, what: string): AppError {
  return new AppError('bad-pack', `${job.url.href} is not the declared file: ${what}.`, {
    hint: 'What was downloaded of it is removed. If a second attempt ends like this, the catalogue is out of date or the file was altered.',
  });
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}
