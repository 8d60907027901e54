/**
 * @file The photo's bitmaps: a small level at once, then the level that the zoom needs. At most two are kept. What arrives
 * for an image that is no longer shown is dropped.
 */
import { AppError, fromErrorBody } from '../../src-main/contract/errors.ts';
import { firstLevel, levelFor, sideOf } from './level.ts';
import type { ImageSource } from './types.ts';

type Loaded = { readonly level: number | null; readonly bitmap: ImageBitmap };

export type Photo = {
  /** Resolves when the first level is there, or another image was asked for. @throws AppError bad-image, io */
  readonly show: (source: ImageSource | null, zoom: number) => Promise<void>;
  /** Loads a sharper level when this zoom (device pixels for an image pixel) needs one. */
  readonly need: (zoom: number) => void;
  /** The smallest bitmap that is sharp at a zoom, else the sharpest. */
  readonly best: (zoom: number) => ImageBitmap | null;
  readonly close: () => void;
};

/** The wheel passes several levels on its way: only where it rests is loaded. Milliseconds. */
const rest = 120;

export function createPhoto(onChange: () => void, onError: (error: AppError) => void): Photo {
  let source: ImageSource | null = null;
  let first: Loaded | null = null;
  let sharp: Loaded | null = null;
  let failed = new Set<number | null>();
  let loading: { level: number | null; abort: AbortController } | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let opening = new AbortController();

  const best = (zoom: number) => {
    if (source === null || first === null) return null;
    if (sharp === null) return first.bitmap;
    return sideOf(levelFor(source.width, source.height, zoom)) <= sideOf(first.level) ? first.bitmap : sharp.bitmap;
  };
  const clear = () => {
    clearTimeout(timer);
    opening.abort();
    loading?.abort.abort();
    loading = null;
    first?.bitmap.close();
    sharp?.bitmap.close();
    first = null;
    sharp = null;
    failed = new Set();
  };
  const load = async (from: ImageSource, level: number | null) => {
    loading?.abort.abort();
    const abort = new AbortController();
    loading = { level, abort };
    try {
      const bitmap = await readBitmap(from, level, abort.signal);
      if (abort.signal.aborted) {
        bitmap.close();
        return;
      }
      sharp?.bitmap.close();
      sharp = { level, bitmap };
      onChange();
    } catch (error) {
      if (abort.signal.aborted) return;
      failed.add(level);
      onError(errorOf(error));
    } finally {
      if (loading?.abort === abort) loading = null;
    }
  };
  const need = (zoom: number) => {
    clearTimeout(timer);
    const from = source;
    if (from === null || first === null) return;
    const level = levelFor(from.width, from.height, zoom);
    const have = Math.max(sideOf(first.level), sharp === null ? 0 : sideOf(sharp.level));
    if (have >= sideOf(level) || failed.has(level) || loading?.level === level) return;
    timer = setTimeout(() => void load(from, level), rest);
  };

  return {
    show: async (next, zoom) => {
      clear();
      source = next;
      opening = new AbortController();
      const { signal } = opening;
      if (next === null) return;
      const level = firstLevel(next.width, next.height);
      try {
        const bitmap = await readBitmap(next, level, signal);
        if (signal.aborted) {
          bitmap.close();
          return;
        }
        first = { level, bitmap };
        onChange();
        need(zoom);
      } catch (error) {
        if (!signal.aborted) throw errorOf(error);
      }
    },
    need,
    best,
    close: () => {
      clear();
      source = null;
    },
  };
}

/** Fetches and decodes off the main thread. */
async function readBitmap(source: ImageSource, level: number | null, signal: AbortSignal): Promise<ImageBitmap> {
  const response = await fetch(source.url(level), { signal });
  if (!response.ok) throw await refusal(response);
  const blob = await response.blob();
  try {
    return await createImageBitmap(blob);
  } catch (cause) {
    const message = `The photo (${source.width} x ${source.height}) could not be decoded by this browser.`;
    throw new AppError('bad-image', message, {
      hint: 'Open the file in another program to see whether it is whole.',
      cause,
    });
  }
}

/** What the host said in place of a picture: the envelope of contract/result.ts where there is one. */
async function refusal(response: Response): Promise<AppError> {
  try {
    const { error } = await response.json();
    if (typeof error.code === 'string' && typeof error.message === 'string') return fromErrorBody(error);
  } catch {
    // no envelope: the status has to do
  }
  return new AppError('io', `The photo could not be loaded: the host answered ${response.status}.`);
}

const errorOf = (error: unknown): AppError =>
  error instanceof AppError
    ? error
    : new AppError('io', 'The photo could not be loaded: the connection to the application failed.', { cause: error });
