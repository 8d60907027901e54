/**
 * @file Downloading a pack of the catalogue and putting it beside the user's other packs.
 */
import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../contract/errors.ts';
import type { Pack } from '../../contract/pack.ts';
import { writeAtomic } from '../../files/atomic.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { downloadFile } from './download-file.ts';
import { type Environment, userPacks } from './folders.ts';
import { hashFile } from './hash.ts';
import { allowedUrl, getText } from './http.ts';
import { moveIntoPlace, planInstall, prepareRoot } from './install.ts';
import { type InstalledPack, manifestName, parseManifest } from './manifest.ts';
import { verifyPack } from './verify.ts';

const maxManifestBytes = 1 << 20;

export type DownloadProgress = {
  /** The file that arrives now, as the manifest names it. */
  readonly file: string;
  /** Bytes of the whole pack that are on the disk, those of earlier attempts included. */
  readonly done: number;
  readonly total: number;
  /** Measured since this call began; undefined until something has arrived. */
  readonly bytesPerSecond: number | undefined;
  readonly secondsLeft: number | undefined;
};

export type DownloadOptions = {
  /** Takes the place of a different pack of the user's with the same id. */
  readonly replace?: boolean | undefined;
  readonly env?: Environment | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called at most ten times a second, and at the end of each file. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** See FileDownload. */
  readonly stallMs?: number | undefined;
  readonly retryMs?: number | undefined;
};

/**
 * Downloads the pack and returns it once it is in place; a pack that is there and intact is returned at once. What
 * has arrived when a call fails or is cancelled stays in a hidden folder beside the packs, and the next call
 * continues from there. Nothing is listed as a pack before every file has the declared hash.
 * Throws AppError: see downloadFile and planInstall; 'bad-pack' too where manifest and catalogue contradict each
 * other, 'io' where the disk is too full or another process downloads the same pack; and the signal's reason.
 */
export async function downloadPack(entry: CatalogueEntry, options: DownloadOptions = {}): Promise<InstalledPack> {
  const { replace = false, env = process.env, signal } = options;
  const manifestUrl = allowedUrl(entry.manifestUrl);
  const pack = await fetchManifest(entry, manifestUrl, signal);
  const plan = await planInstall(pack, replace, env, signal);
  if (plan.present) return plan.present;

  const work = join(userPacks(env), `.download-${entry.id}`);
  await prepareRoot(Math.max(0, entry.bytes - (await sizeUnder(work))), env);
  await mkdir(work, { recursive: true });
  const unlock = await lock(join(work, 'lock'), entry.id);
  try {
    const content = join(work, 'content');
    await fetchFiles(pack, entry, manifestUrl, work, options);
    await prune(content, pack);
    await writeAtomic(join(content, manifestName), `${JSON.stringify(pack, null, 2)}\n`);
    // Only files in npm packages are still unchecked.
    await verifyPack(
      { pack: { ...pack, files: pack.files.filter((file) => file.package) }, folder: content, bundled: false },
      { env, signal },
    );
    signal?.throwIfAborted();
    await moveIntoPlace(content, plan.target);
    await rm(work, { recursive: true, force: true });
  } finally {
    await unlock();
  }
  return { pack, folder: plan.target, bundled: false };
}

async function fetchManifest(entry: CatalogueEntry, url: URL, signal: AbortSignal | undefined): Promise<Pack> {
  const text = await getText(url, maxManifestBytes, signal);
  const found = createHash('sha256').update(text).digest('hex');
  const contradict = (what: string) =>
    new AppError('bad-pack', `The catalogue and ${url.href} contradict each other: ${what}.`, {
      hint: 'Tell whoever keeps the catalogue.',
    });
  if (entry.manifestSha256 && entry.manifestSha256 !== found) {
    throw contradict(`expected SHA-256 ${entry.manifestSha256}, found ${found}`);
  }
  const pack = parseManifest(text, url.href);
  if (pack.id !== entry.id) throw contradict(`the id is "${pack.id}" instead of "${entry.id}"`);
  const bytes = downloads(pack).reduce((sum, file) => sum + file.size, 0);
  if (bytes !== entry.bytes) throw contradict(`the files have ${bytes} bytes instead of ${entry.bytes}`);
  return pack;
}

async function fetchFiles(
  pack: Pack,
  entry: CatalogueEntry,
  manifestUrl: URL,
  work: string,
  options: DownloadOptions,
): Promise<void> {
  const { signal } = options;
  const report = progressOf(entry.bytes, options.onProgress);
  let before = 0;
  // Addresses first: one that is not allowed should not show after an hour.
  const jobs = downloads(pack).map((file) => {
    const relative = file.path.split('/').map(encodeURIComponent).join('/');
    return { file, url: allowedUrl(entry.files?.[file.path] ?? relative, manifestUrl.href) };
  });
  for (const { file, url } of jobs) {
    const path = join(work, 'content', ...file.path.split('/'));
    const partPath = join(work, `${file.sha256}.part`);
    const onBytes = (bytes: number) => report(file.path, before + bytes, false);
    await mkdir(dirname(path), { recursive: true });
    const whole = await hashFile(path, { signal }).catch(() => undefined);
    signal?.throwIfAborted();
    if (whole !== file.sha256) {
      await rm(path, { force: true });
      const { stallMs, retryMs } = options;
      await downloadFile({
        url,
        path,
        partPath,
        size: file.size,
        sha256: file.sha256,
        signal,
        onBytes,
        stallMs,
        retryMs,
      });
    }
    before += file.size;
    report(file.path, before, true);
  }
}

/** Removes files that an earlier attempt left and that the manifest of today does not declare. */
async function prune(content: string, pack: Pack): Promise<void> {
  const declared = new Set(downloads(pack).map((file) => join(content, ...file.path.split('/'))));
  for (const path of await filesUnder(content)) if (!declared.has(path)) await rm(path, { force: true });
}

async function sizeUnder(folder: string): Promise<number> {
  let sum = 0;
  for (const path of await filesUnder(folder)) sum += (await stat(path).catch(() => undefined))?.size ?? 0;
  return sum;
}

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Files that lie in an npm package are installed with it. */
function downloads(pack: Pack): Pack['files'] {
  return pack.files.filter((file) => !file.package);
}

function progressOf(total: number, onProgress: DownloadOptions['onProgress']) {
  const started = performance.now();
  let last = 0;
  let first: number | undefined;
  return (file: string, done: number, now: boolean): void => {
    // What earlier attempts left says nothing about the speed of this one.
    first = Math.min(first ?? done, done);
    const time = performance.now();
    if (!onProgress || (!now && time - last < 100)) return;
    last = time;
    const rate = (done - first) / ((time - started) / 1000);
    const bytesPerSecond = rate > 0 ? rate : undefined;
    const secondsLeft = bytesPerSecond && (total - done) / bytesPerSecond;
    onProgress({ file, done, total, bytesPerSecond, secondsLeft });
  };
}

/** One download of a pack at a time, on the whole computer. Returns what ends the hold. */
async function lock(path: string, id: string): Promise<() => Promise<void>> {
  for (let tries = 0; tries < 2; tries++) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(`${process.pid}`);
      await file.close();
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = Number(await readFile(path, 'utf8').catch(() => ''));
      if (holder > 0 && isRunning(holder)) break;
      await rm(path, { force: true });
    }
  }
  throw new AppError('io', `The pack "${id}" is being downloaded already.`, {
    hint: `Wait for it. If no other download is running, delete ${path}.`,
  });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
