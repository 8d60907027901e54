/**
 * @file Which rows of the benchmark differ by more than chance: figures subtracted draw by draw, since every resampled set
 * draws the same images for all rows of a data set. An interval that leaves out 0 says so; two separate intervals do not.
 */
import type { Interval } from '../../metrics/resample.ts';
import { type FigureName, intervalOf } from './figures.ts';
import { type Row, rowName } from './rows.ts';
import { mainPrompts } from './tables.ts';

export type RowDifference = {
  readonly data: string;
  /** The names of the two rows; `row` minus `against`. */
  readonly row: string;
  readonly against: string;
  readonly figures: Readonly<
    Partial<Record<FigureName, { readonly difference: number; readonly interval: Interval | null }>>
  >;
};

const compared = ['gIoU', 'cIoU', 'bIoU', 'bF1', 'AP50', 'AP', 'F1'] as const satisfies readonly FigureName[];

/**
 * Refined masks against S; the default refinement against the paper's; both prompts against one kind; every model
 * against the first, at the last refinement.
 */
export function differencesOf(rows: readonly Row[]): RowDifference[] {
  const pairs = [...Map.groupBy(rows, ({ data }) => data).values()].flatMap((own) => pairsOf(own));
  return pairs.map(([row, against]) => subtract(row, against, rows));
}

type Pair = readonly [row: Row, against: Row];

/** Of one data set. */
function pairsOf(rows: readonly Row[]): Pair[] {
  const main = mainPrompts(rows);
  const models = [...Map.groupBy(rows, (row) => JSON.stringify([row.model, row.segmenter])).values()];
  const pairs: Pair[] = [];
  const add = (row: Row | undefined, against: Row | undefined) => {
    if (row && against && row !== against) pairs.push([row, against]);
  };
  for (const own of models) {
    const find = (prompts: Row['prompts'], refinement: Row['refinement']) =>
      own.find((row) => row.prompts === prompts && row.refinement === refinement);
    add(find(null, 'given'), find(null, 'off'));
    for (const refinement of ['paper', 'default'] as const) add(find(main, refinement), find(main, 'off'));
    add(find(main, 'default'), find(main, 'paper'));
    for (const prompts of ['mask', 'points'] as const) add(find('both', 'off'), find(prompts, 'off'));
  }
  const best = (own: readonly Row[]) =>
    own.findLast(({ prompts, refinement }) => (prompts === main || prompts === null) && refinement !== 'off') ??
    own.find(({ prompts }) => prompts === main);
  for (const own of models.slice(1)) add(best(own), best(models[0]!));
  return pairs;
}

function subtract(row: Row, against: Row, rows: readonly Row[]): RowDifference {
  const figures: Partial<Record<FigureName, { difference: number; interval: Interval | null }>> = {};
  for (const name of compared) {
    const [value, other] = [row.figures[name].value, against.figures[name].value];
    if (value === null || other === null) continue;
    const drawn = row.draws[name].map((each, k) => each - against.draws[name][k]!);
    figures[name] = { difference: value - other, interval: intervalOf(drawn) };
  }
  const name = (each: Row) => {
    const prompted = row.prompts !== against.prompts && each.prompts !== null ? `, ${each.prompts}` : '';
    return `${rowName(each, rows)}${prompted}`;
  };
  return { data: row.data, row: name(row), against: name(against), figures };
}
