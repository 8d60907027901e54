/**
 * @file Reading and checking a pack's manifest, `pack.json`.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { AppError } from '../../contract/errors.ts';
import { issueLines } from '../../contract/issues.ts';
import { type Pack, packSchema } from '../../contract/pack.ts';
import { llavaProblems } from './check-llava.ts';

export const manifestName = 'pack.json';
const maxManifestBytes = 1 << 20;

/** A pack that is installed: its manifest was read and is valid; its files may still be missing or damaged. */
export type InstalledPack = {
  readonly pack: Pack;
  /** Absolute. */
  readonly folder: string;
  /** It came with the application, so a reinstallation mends it. */
  readonly bundled: boolean;
};

/**
 * The manifest in `folder`. Throws AppError: 'not-found' where there is none, 'bad-pack' where it is not JSON or
 * does not fit, with one line for each thing that is wrong.
 */
export async function readManifest(folder: string): Promise<Pack> {
  const path = join(folder, manifestName);
  let text: string;
  try {
    const { size } = await stat(path);
    if (size > maxManifestBytes) throw new AppError('bad-pack', `${path} is too large for a manifest: ${size} bytes.`);
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('not-found', `${folder} is not a model pack: its ${manifestName} cannot be read.`, { cause });
  }
  return parseManifest(text, path);
}

/** As `readManifest`, for a text that came from `origin` (a path or an address, for messages). */
export function parseManifest(text: string, origin: string): Pack {
  let json: unknown;
  try {
    json = parseJson(text);
  } catch (cause) {
    throw new AppError('bad-pack', `${origin} is not JSON: ${(cause as Error).message}`, { cause });
  }
  const result = packSchema.safeParse(json);
  if (!result.success) throw new AppError('bad-pack', `${origin} is not a valid manifest.\n${indented(result.error)}`);
  const problems = crossCheck(result.data);
  if (problems.length > 0) throw new AppError('bad-pack', `${origin} is not a valid manifest.\n${problems.join('\n')}`);
  return result.data;
}

/** JSON as editors on Windows write it too: with a byte order mark in front. Throws SyntaxError. */
export function parseJson(text: string): unknown {
  return JSON.parse(text.replace(/^\uFEFF/, ''));
}

/** Problems below each other, as people read a manifest. */
export function indented(error: z.ZodError): string {
  return issueLines(error, 20)
    .map((line) => `  ${line}`)
    .join('\n');
}

/** What the schema cannot say: each file is declared once, and each file that a model part uses is declared. */
function crossCheck(pack: Pack): string[] {
  const paths = pack.files.map((file) => file.path);
  // Compared without case, because the file systems of Windows and macOS do.
  const folded = paths.map((path) => path.toLowerCase());
  const problems = paths
    .filter((_, i) => folded.indexOf(folded[i]!) !== i)
    .map((path) => `  files: "${path}" is declared twice`);
  if (folded.includes(manifestName)) problems.push(`  files: the manifest cannot declare "${manifestName}" itself`);
  if (pack.kind === 'segmenter') {
    for (const part of ['encoder', 'decoder'] as const) {
      const { file } = pack.segmenter[part];
      if (!paths.includes(file)) problems.push(`  segmenter.${part}.file: "${file}" is not among the declared files`);
    }
  }
  if (pack.kind === 'llava-seg') problems.push(...llavaProblems(pack.llava, paths));
  return problems;
}
