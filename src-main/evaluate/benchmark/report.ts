/** @file What a benchmark says, for programs (JSON) and for people (text, Markdown). */
import type { IouProfile } from '../../metrics/giou-ciou.ts';
import { differencesOf, type RowDifference } from './differences.ts';
import type { RowFigures } from './figures.ts';
import { differencesMarkdown, differencesText, tableMarkdown, tableText } from './render.ts';
import type { Row } from './rows.ts';
import { type Table, tablesOf } from './tables.ts';

/** What was compared, on what, and where; hashes are SHA-256. */
export type Setting<Environment> = {
  readonly created: string;
  readonly profile: IouProfile;
  readonly resamples: number;
  readonly seed: number;
  readonly data: readonly {
    readonly name: string;
    readonly path: string;
    readonly queries: number;
    readonly photos: number;
    readonly leftOut: readonly string[];
    readonly sha256: Readonly<Record<'requests' | 'truth' | 'photos', string>>;
  }[];
  /** By id; of packs the hash of pack.json, which holds those of all files. */
  readonly packs: Readonly<Record<string, string>>;
  readonly cells: readonly {
    readonly file: string;
    readonly sha256: string;
    readonly answers: number;
    readonly failed: number;
    readonly encoded: number;
  }[];
  readonly environments: readonly Environment[];
  /** What people should know of how masks were made. */
  readonly notes: readonly string[];
};

export type BenchmarkReport<Environment> = Setting<Environment> & {
  readonly format: 'novo-benchmark';
  readonly version: 1;
  readonly tables: readonly Table[];
  readonly differences: readonly RowDifference[];
  readonly rows: readonly (Omit<Row, keyof RowFigures> & Pick<RowFigures, 'figures'>)[];
};

export function benchmarkReport<Environment>(
  rows: readonly Row[],
  setting: Setting<Environment>,
): BenchmarkReport<Environment> {
  return {
    format: 'novo-benchmark',
    version: 1,
    ...setting,
    tables: tablesOf(rows),
    differences: differencesOf(rows),
    rows: rows.map(({ draws: _, ...row }) => row),
  };
}

type Told = Pick<
  BenchmarkReport<unknown>,
  'tables' | 'differences' | 'resamples' | 'data' | 'profile' | 'seed' | 'notes'
>;

/** The tables for a terminal. `about` are lines on the environment. */
export function reportText(report: Told, about: readonly string[]): string {
  const { tables, differences, notes } = report;
  const parts = [`${headline(report)}\n`, ...tables.map(tableText)];
  if (differences.length > 0) parts.push(`${differenceTitle(report)}\n${differencesText(differences)}`);
  parts.push([...notes, ...about].map((line) => `${line}\n`).join(''));
  return parts.join('\n');
}

export function reportMarkdown(
  report: Told & Pick<BenchmarkReport<unknown>, 'packs' | 'created'>,
  about: readonly string[],
): string {
  const { tables, differences, data, packs, created, notes } = report;
  const parts = ['# Benchmark', `${created.slice(0, 10)}. ${headline(report)}`, ...tables.map(tableMarkdown)];
  if (differences.length > 0) parts.push(`**${differenceTitle(report)}**`, differencesMarkdown(differences));
  const list = (lines: readonly string[]) => lines.map((line) => `- ${line}`).join('\n');
  if (notes.length > 0) parts.push('## Notes', list(notes));
  parts.push('## Made with', list(about));
  parts.push(
    '## SHA-256',
    list([
      ...data.flatMap(({ name, sha256 }) =>
        Object.entries(sha256).map(([what, hash]) => `${name}, ${what}: \`${hash}\``),
      ),
      ...Object.entries(packs).map(([id, hash]) => `pack ${id}: \`${hash}\``),
    ]),
  );
  return `${parts.map((part) => part.trimEnd()).join('\n\n')}\n`;
}

function headline({ data, profile, resamples, seed }: Told): string {
  const sets = data
    .map(
      ({ name, queries, photos }) =>
        `${name}: ${queries} ${queries === 1 ? 'query' : 'queries'} on ${photos} ${photos === 1 ? 'photo' : 'photos'}`,
    )
    .join('; ');
  const sure = resamples > 0 ? ` In brackets: 95 % over ${resamples} resampled sets of photos (seed ${seed}).` : '';
  return `${sets}. Percent, profile ${profile}; \u00b1: standard deviation over several packs of a model.${sure}`;
}

const differenceTitle = ({ resamples }: Told) =>
  `Differences in points${resamples > 0 ? ', paired: an interval that leaves out 0 is more than chance' : ''}`;
