/**
 * @file The catalogue of packs that can be downloaded: the bundled one, and one of the user's choice.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError, type ErrorBody, toErrorBody } from '../../contract/errors.ts';
import { packFileSchema, packSchema } from '../../contract/pack.ts';
import { type Environment, findUpwards } from './folders.ts';
import { allowedUrl, getText } from './http.ts';
import { indented, parseJson } from './manifest.ts';

const maxCatalogueBytes = 4 << 20;

const webAddress = z.string().refine((text) => /^https?:\/\//.test(text) && URL.canParse(text), {
  error: 'must be an http or https address',
});

export const catalogueEntrySchema = z.object({
  id: packSchema.options[0].shape.id,
  title: z.string().min(1),
  licence: z.string().min(1),
  /** What is downloaded, in bytes: the sum of the sizes of the pack's files. */
  bytes: z.int().nonnegative(),
  /** The pack's manifest; its files lie beside it, unless `files` says where. */
  manifestUrl: webAddress,
  /** Where given, a manifest with another hash is refused. */
  manifestSha256: packFileSchema.shape.sha256.optional(),
  /** Path in the manifest -> address. */
  files: z.record(z.string(), webAddress).optional(),
});
export type CatalogueEntry = z.infer<typeof catalogueEntrySchema>;

const catalogueSchema = z.object({ schema: z.literal(1), entries: z.array(catalogueEntrySchema) });

/**
 * All entries; those of the catalogue that `NOVO_CATALOGUE` names (a file, or an address) come before bundled ones
 * with the same id. A catalogue that cannot be read hides no other: why is in `problems`.
 */
export async function readCatalogue(
  env: Environment = process.env,
  signal?: AbortSignal,
): Promise<{ entries: CatalogueEntry[]; problems: ErrorBody[] }> {
  const sources = [env['NOVO_CATALOGUE'], findUpwards(join('resources', 'packs', 'catalogue.json'))];
  const entries = new Map<string, CatalogueEntry>();
  const problems: ErrorBody[] = [];
  for (const source of sources) {
    if (!source) continue;
    try {
      for (const entry of await readSource(source, signal)) if (!entries.has(entry.id)) entries.set(entry.id, entry);
    } catch (error) {
      signal?.throwIfAborted();
      problems.push(toErrorBody(error));
    }
  }
  return { entries: [...entries.values()], problems };
}

/** The entry with this id. Throws AppError 'not-found', which names the ids that exist and catalogues that failed. */
export async function findEntry(
  id: string,
  env: Environment = process.env,
  signal?: AbortSignal,
): Promise<CatalogueEntry> {
  const { entries, problems } = await readCatalogue(env, signal);
  const entry = entries.find((candidate) => candidate.id === id);
  if (entry) return entry;
  const there = entries.length > 0 ? `It has: ${entries.map((each) => each.id).join(', ')}.` : 'It is empty.';
  const own = env['NOVO_CATALOGUE'] ? '' : ' NOVO_CATALOGUE can name a catalogue file or address of your own.';
  throw new AppError('not-found', `The catalogue has no pack "${id}".`, {
    hint: [`${there}${own}`, ...problems.map((problem) => problem.message)].join('\n'),
  });
}

async function readSource(source: string, signal: AbortSignal | undefined): Promise<CatalogueEntry[]> {
  const text = /^https?:\/\//.test(source)
    ? await getText(allowedUrl(source), maxCatalogueBytes, signal)
    : await readText(source);
  let json: unknown;
  try {
    json = parseJson(text);
  } catch (cause) {
    throw new AppError('bad-request', `The catalogue ${source} is not JSON: ${(cause as Error).message}`, { cause });
  }
  const result = catalogueSchema.safeParse(json);
  if (result.success) return result.data.entries;
  throw new AppError('bad-request', `The catalogue ${source} is not valid.\n${indented(result.error)}`);
}

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > maxCatalogueBytes) throw new Error(`it is too large (${size} bytes)`);
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new AppError('not-found', `The catalogue ${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
