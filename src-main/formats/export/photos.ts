/** @file The photos beside the labels, for formats whose readers look for them there. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageRecord } from '../../contract/records.ts';
import { differs } from './compare.ts';
import type { ExportContext } from './context.ts';
import type { FolderWriter } from './folder-writer.ts';

/** The way to the photo that is to be copied; null where none is, which is counted where one was wanted. */
export function photoOf({ source, options, losses }: ExportContext, image: ImageRecord): string | null {
  if (options.photos === 'none') return null;
  const from = source.photo?.(image) ?? null;
  if (from === null) losses.add('no-photo');
  return from;
}

/** Copies it; a photo that went away since its folder was read is counted like one that was gone before. */
export async function copyPhoto(
  { losses }: ExportContext,
  out: FolderWriter,
  name: string,
  from: string,
): Promise<void> {
  if ((await stat(from).catch(() => null))?.isFile()) await out.copy(name, from);
  else losses.add('no-photo');
}

/** @throws AppError internal when the copy has another size than the photo. */
export async function samePhoto(folder: string, name: string, { bytes }: ImageRecord): Promise<void> {
  const found = await stat(join(folder, name)).catch(() => null);
  if (found && found.size !== bytes)
    throw differs(`the photo ${name} has ${found.size} bytes and should have ${bytes}`);
}

/** A name for a file of the export that every system takes: of the photo's path, without its ending. */
export function stemOf(fileName: string): string {
  const stem = fileName.replace(/\.[^./]+$/, '');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return stem.replace(/[<>:"\\|?*\u0000-\u001f\u007f]/g, '_');
}
