/**
 * @file The cells of a benchmark on disk. Each is a file of results and, beside it, what it was made of; a cell whose inputs
 * have changed is noticed by their hashes and is never mixed with newer ones.
 */
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ProfileName, PromptMode } from '../../contract/segmentation.ts';
import { writeAtomic } from '../../files/atomic.ts';
import type { DataSet } from './data.ts';
import { type Environment, environmentSchema } from './environment.ts';

/** Who answers: a reasoner with a segmenter, or what the requests bring with them. */
export type Source = {
  /** As the tables name it; several packs may be trainings of one model. */
  readonly model: string;
  /** Id of the reasoner's pack; null for what the requests bring. */
  readonly reasoner: string | null;
  /** The only kind of prompts that it was trained with; null for all. */
  readonly prompts: PromptMode | null;
  readonly segmenter: string;
  /** Similarity maps, or points and boxes, which know neither kinds of prompts nor refinement. */
  readonly evidence: 'maps' | 'regions';
  /** SHA-256 of the manifests, in which the hashes of all files are. */
  readonly hashes: { readonly reasoner: string | null; readonly segmenter: string };
};

export type Cell = {
  readonly data: DataSet;
  readonly source: Source;
  /** null: asked in one way only. */
  readonly prompts: PromptMode | null;
  readonly refinement: 'off' | ProfileName | null;
  /** Its results, one line a request. */
  readonly file: string;
  readonly inputs: Inputs;
};

/** Everything that a result depends on, by what people call it. */
export type Inputs = Readonly<Record<string, string>>;

const recordSchema = z.object({
  format: z.literal('novo-benchmark-cell'),
  version: z.literal(1),
  inputs: z.record(z.string(), z.string()),
  /** Where it was run; more than one where it was interrupted and went on elsewhere. */
  environments: z.array(environmentSchema),
});
export type CellRecord = z.infer<typeof recordSchema>;

/** `changed` names the inputs that are not those that the results were made of. */
export type CellState =
  | { readonly state: 'new' | 'begun' | 'done' }
  | { readonly state: 'changed'; readonly changed: readonly string[] };

export type Options = {
  readonly prompts: readonly PromptMode[];
  readonly refinements: readonly ('off' | ProfileName)[];
  readonly provider: string;
  readonly code: string;
};

/** The cells of one source on one data set. S is part of every result, so "off" needs no cell beside a refinement. */
export function cellsOf(
  out: string,
  data: DataSet,
  source: Source,
  { prompts, refinements, provider, code }: Options,
): Cell[] {
  const { reasoner, segmenter, evidence, hashes } = source;
  const common = {
    requests: data.hashes.requests,
    photos: data.hashes.photos,
    [reasoner === null ? 'evidence' : `pack ${reasoner}`]: hashes.reasoner ?? 'given',
    [`pack ${segmenter}`]: hashes.segmenter,
    provider,
    'the program that makes masks': code,
  };
  const named = (parts: readonly string[]) =>
    `${[reasoner ?? 'given', segmenter, ...parts].map(safeName).join('.')}.jsonl`;
  const file = (parts: readonly string[]) => join(out, 'cells', safeName(data.name), named(parts));
  if (evidence === 'regions') {
    return [{ data, source, prompts: null, refinement: null, file: file([]), inputs: common }];
  }
  const run = refinements.filter((each) => each !== 'off');
  const modes = source.prompts === null ? prompts : [source.prompts];
  return modes.flatMap((mode) =>
    (run.length > 0 ? run : (['off'] as const)).map((refinement) => ({
      data,
      source,
      prompts: mode,
      refinement,
      file: file([mode, refinement]),
      inputs: { ...common, prompts: mode, refinement },
    })),
  );
}

/** A name that every file system takes. */
export const safeName = (name: string): string =>
  name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^\.+/, '') || 'data';

const recordPath = ({ file }: Pick<Cell, 'file'>) => file.replace(/\.jsonl$/, '.json');
export const partPath = ({ file }: Pick<Cell, 'file'>) => `${file}.part`;

export async function cellState(cell: Cell): Promise<CellState> {
  const [done, begun] = [await isThere(cell.file), await isThere(partPath(cell))];
  if (!done && !begun) return { state: 'new' };
  const record = await readRecord(cell);
  if (!record) return { state: 'changed', changed: ['unknown inputs'] };
  const names = new Set([...Object.keys(cell.inputs), ...Object.keys(record.inputs)]);
  const changed = [...names].filter((name) => cell.inputs[name] !== record.inputs[name]);
  if (changed.length > 0) return { state: 'changed', changed };
  return { state: done ? 'done' : 'begun' };
}

/** What a cell was made of; null where nothing readable says so. */
export async function readRecord(cell: Pick<Cell, 'file'>): Promise<CellRecord | null> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(recordPath(cell), 'utf8')));
  } catch {
    return null;
  }
}

/** Says what a cell is being made of, before its first result is there; adds where it is made. */
export async function recordCell(cell: Cell, environment: Environment): Promise<void> {
  const known = (await cellState(cell)).state === 'begun' ? ((await readRecord(cell))?.environments ?? []) : [];
  const same = known.some((each) => JSON.stringify(each) === JSON.stringify(environment));
  const record: CellRecord = {
    format: 'novo-benchmark-cell',
    version: 1,
    inputs: cell.inputs,
    environments: same ? known : [...known, environment],
  };
  await writeAtomic(recordPath(cell), `${JSON.stringify(record, null, 2)}\n`);
}

export async function removeCell(cell: Cell): Promise<void> {
  for (const path of [cell.file, partPath(cell), recordPath(cell)]) await rm(path, { force: true });
}

const isThere = (path: string) => stat(path).then(Boolean, () => false);
