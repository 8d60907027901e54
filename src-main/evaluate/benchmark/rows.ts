/**
 * @file Scored cells of the benchmark to the rows of its tables. A cell is one pack with one kind of prompts and one
 * refinement on one data set; a row is a model, whose packs (trainings with other seeds) are brought together.
 */
import type { ProfileName, PromptMode } from '../../contract/segmentation.ts';
import type { QueryScore } from '../score.ts';
import { type Resampling, type RowFigures, type RowMask, rowFigures } from './figures.ts';

/** off: the semantic mask S. given: of results that were refined elsewhere. null: the model knows no refinement. */
export type RowRefinement = 'off' | ProfileName | 'given' | null;

export type ScoredCell = {
  readonly data: string;
  readonly model: string;
  /** Id of the segmenter's pack; null for results made elsewhere. */
  readonly segmenter: string | null;
  /** What stands for one training of the model: a reasoner's pack, a file of results. */
  readonly pack: string;
  /** null where the model is asked in one way only: endpoints, results. */
  readonly prompts: PromptMode | null;
  /** How the cell was run; null as above. */
  readonly refinement: 'off' | ProfileName | null;
  readonly scores: readonly QueryScore[];
  /** Median time of an answer, without decoding and encoding the photo; null where results do not say. */
  readonly ms: number | null;
};

export type Row = RowFigures & {
  readonly data: string;
  readonly model: string;
  readonly segmenter: string | null;
  readonly prompts: PromptMode | null;
  readonly refinement: RowRefinement;
  readonly packs: readonly string[];
  /** Medians over all queries of all packs. */
  readonly decoderCalls: number | null;
  readonly ms: number | null;
};

type Plan = { readonly mask: RowMask; readonly refinement: RowRefinement; readonly cells: readonly ScoredCell[] };

/** Rows in the order of the cells, each model's semantic mask before its refinements. `pause` is awaited before each. */
export async function rowsOf(
  cells: readonly ScoredCell[],
  resampling: Resampling,
  pause: (done: number, total: number) => Promise<void>,
): Promise<Row[]> {
  const groups = Map.groupBy(cells, ({ data, model, segmenter, prompts }) =>
    JSON.stringify([data, model, segmenter, prompts]),
  );
  const plans = Array.from(groups.values(), plansOf).flat();
  const rows: Row[] = [];
  for (const [k, plan] of plans.entries()) {
    await pause(k, plans.length);
    rows.push(toRow(plan, resampling));
  }
  return rows;
}

/** The rows of one model, data set and kind of prompts. */
function plansOf(cells: readonly ScoredCell[]): Plan[] {
  const byRefinement = Map.groupBy(cells, ({ refinement }) => refinement);
  const [first] = byRefinement.values();
  if (!first) return [];
  if (byRefinement.has(null)) {
    // Results name no refinement. Where refinement is off, "refined" equals "semantic" (contract/segmentation.ts).
    const hasMask = first.every(({ scores }) => scores.some(({ answered, semantic }) => answered && semantic));
    const plain: Plan = { mask: 'refined', refinement: null, cells: first };
    if (!hasMask || !first.some(({ segmenter, scores }) => segmenter === null && scores.some(isRefined)))
      return [plain];
    return [
      { mask: 'semantic', refinement: 'off', cells: first },
      { mask: 'refined', refinement: 'given', cells: first },
    ];
  }
  // S is the same whatever follows it.
  const refined = [...byRefinement].flatMap(([refinement, own]): Plan[] =>
    refinement === 'off' ? [] : [{ mask: 'refined', refinement, cells: own }],
  );
  return [{ mask: 'semantic', refinement: 'off', cells: byRefinement.get('off') ?? first }, ...refined];
}

const isRefined = ({ semantic, refined }: QueryScore) =>
  semantic !== null &&
  refined !== null &&
  (semantic.intersection !== refined.intersection || semantic.union !== refined.union);

function toRow({ mask, refinement, cells }: Plan, resampling: Resampling): Row {
  const [{ data, model, segmenter, prompts }] = cells as readonly [ScoredCell, ...ScoredCell[]];
  const ran = mask === 'refined' || cells.every((cell) => cell.refinement === 'off');
  const calls = ran ? cells.flatMap(({ scores }) => scores.flatMap(({ decoderCalls }) => decoderCalls ?? [])) : [];
  return {
    data,
    model,
    segmenter,
    prompts,
    refinement,
    packs: cells.map(({ pack }) => pack),
    ...rowFigures(
      cells.map(({ scores }) => scores),
      mask,
      resampling,
    ),
    decoderCalls: median(calls),
    ms: ran ? median(cells.flatMap(({ ms }) => ms ?? [])) : null,
  };
}

/** The upper of the two middle ones. */
export function median(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/** "novo on sam (+R paper)": a model as the tables name it; what is the same for all rows is left out. */
export function rowName({ model, segmenter, refinement }: Row, all: readonly Row[]): string {
  const segmenters = new Set(all.filter((row) => row.model === model).map((row) => row.segmenter));
  const profiles = new Set(
    all.flatMap((row) => row.refinement ?? []).filter((each) => each !== 'off' && each !== 'given'),
  );
  const on = segmenters.size > 1 && segmenter !== null ? ` on ${segmenter}` : '';
  if (refinement === null || refinement === 'off') return model + on;
  return `${model}${on} (+R${refinement !== 'given' && profiles.size > 1 ? ` ${refinement}` : ''})`;
}
