/** @file The benchmark's tables: Tables 2, 3 and 4 of the paper (arXiv 2511.06651, §6) in its form, and all rows in one. */
import type { PromptMode } from '../../contract/segmentation.ts';
import type { FigureName, RowFigure } from './figures.ts';
import { type Row, type RowRefinement, rowName } from './rows.ts';

export type Table = {
  readonly name: string;
  readonly title: string;
  /** What a reader must know to read it; may be empty. */
  readonly notes: readonly string[];
  /** Titles of the columns that name a row. */
  readonly head: readonly string[];
  /** Columns of figures, such as those of one data set; a title may be empty. */
  readonly groups: readonly { readonly title: string; readonly columns: readonly string[] }[];
  readonly rows: readonly TableRow[];
};

/** Cells: a share with its interval, a text, or null for what does not exist. */
export type TableRow = { readonly labels: readonly string[]; readonly cells: readonly (RowFigure | string | null)[] };

/** Figures by the name that the paper's columns have. */
const columns2 = { gIoU: 'gIoU', 'B-IoU': 'bIoU', 'B-F1': 'bF1' } as const;
const columns3 = {
  AP50: 'AP50',
  AP75: 'AP75',
  mAP: 'AP',
  'AP-S': 'APsmall',
  'AP-M': 'APmedium',
  'AP-L': 'APlarge',
} as const;
const columns4 = { gIoU: 'gIoU', cIoU: 'cIoU' } as const;

type Columns = Readonly<Record<string, FigureName>>;

/** The prompts of Tables 2 and 3: both, as in the paper, where they were run. */
export function mainPrompts(rows: readonly Row[]): PromptMode | null {
  const run = rows.flatMap(({ prompts }) => prompts ?? []);
  return run.includes('both') ? 'both' : (run[0] ?? null);
}

export function tablesOf(rows: readonly Row[]): Table[] {
  const tables = [table2(rows), table3(rows), ...table4(rows), everyRow(rows)];
  return tables.filter((table) => table.rows.length > 0);
}

/** Rows of Tables 2 and 3: the main kind of prompts, and models that are asked in one way only. */
function mainRows(rows: readonly Row[]): Row[] {
  const main = mainPrompts(rows);
  return rows.filter(({ prompts }) => prompts === null || prompts === main);
}

function table2(rows: readonly Row[]): Table {
  return byData(mainRows(rows), rows, columns2, {
    name: 'table2',
    title: 'Table 2: semantic masks with and without refinement',
    notes: [...otherPrompts(rows), 'B-IoU and B-F1 within 3 pixels. (+R): with refinement.'],
  });
}

function table3(rows: readonly Row[]): Table {
  const withInstances = mainRows(rows).filter(({ figures }) => figures.AP.value !== null);
  return byData(withInstances, rows, columns3, {
    name: 'table3',
    title: 'Table 3: instances',
    notes: [
      ...otherPrompts(rows),
      'Each query as an image, one class for all. S, M, L: below 32 x 32, below 96 x 96, above.',
    ],
  });
}

function otherPrompts(rows: readonly Row[]): string[] {
  const main = mainPrompts(rows);
  return main === null || main === 'both' ? [] : [`With ${main} prompts only: "both" was not run.`];
}

/** Methods by data sets, a group of columns each. @param all every row of the report: names are the same in all tables. */
function byData(
  rows: readonly Row[],
  all: readonly Row[],
  columns: Columns,
  table: Pick<Table, 'name' | 'title' | 'notes'>,
): Table {
  const sets = [...new Set(rows.map(({ data }) => data))];
  const methods = Map.groupBy(rows, (row) => rowName(row, all));
  return {
    ...table,
    head: ['Methods'],
    groups: sets.map((title) => ({ title, columns: Object.keys(columns) })),
    rows: Array.from(methods, ([method, own]) => ({
      labels: [method],
      cells: sets.flatMap((set) =>
        cellsOf(
          own.find(({ data }) => data === set),
          columns,
        ),
      ),
    })),
  };
}

const cellsOf = (row: Row | undefined, columns: Columns) =>
  Object.values(columns).map((figure) => row?.figures[figure] ?? null);

/** The paper's experiments 1 to 3. */
const experiments: readonly { prompts: PromptMode; mask: string; point: string }[] = [
  { prompts: 'mask', mask: '\u2713', point: '' },
  { prompts: 'points', mask: '', point: '\u2713' },
  { prompts: 'both', mask: '\u2713', point: '\u2713' },
];

const refinementTitles: Readonly<Record<Exclude<RowRefinement, null>, string>> = {
  off: 'without refinement',
  paper: '+R paper',
  default: '+R default',
  given: '+R',
};

/** One table for each data set and model that was asked with more than one kind of prompts. */
function table4(rows: readonly Row[]): Table[] {
  const asked = rows.filter(({ prompts }) => prompts !== null);
  const models = Map.groupBy(asked, (row) => JSON.stringify([row.data, rowName({ ...row, refinement: null }, rows)]));
  return Array.from(models.values()).flatMap((own): Table[] => {
    if (new Set(own.map(({ prompts }) => prompts)).size < 2) return [];
    const refinements = [...new Set(own.map(({ refinement }) => refinement))].filter((each) => each !== null);
    const row = (prompts: PromptMode, refinement: RowRefinement) =>
      own.find((each) => each.prompts === prompts && each.refinement === refinement);
    // Not gIoU: an empty mask is right where there is no target.
    const mask = row('mask', 'off')?.figures.cIoU.value;
    return [
      {
        name: 'table4',
        title: `Table 4: kinds of prompts, ${rowName({ ...own[0]!, refinement: null }, rows)} on ${own[0]!.data}`,
        notes:
          mask !== null && mask !== undefined && mask < 0.01
            ? [
                'Mask prompts alone find next to nothing: a mask decoder must be trained with them, and a stock one was not.',
              ]
            : [],
        head: ['Exp. ID', 'P_mask', 'P_point'],
        groups: refinements.map((each) => ({ title: refinementTitles[each], columns: Object.keys(columns4) })),
        rows: experiments.flatMap(({ prompts, mask, point }, k) =>
          refinements.some((each) => row(prompts, each))
            ? [
                {
                  labels: [String(k + 1), mask, point],
                  cells: refinements.flatMap((each) => cellsOf(row(prompts, each), columns4)),
                },
              ]
            : [],
        ),
      },
    ];
  });
}

const everyColumn = {
  gIoU: 'gIoU',
  cIoU: 'cIoU',
  'B-IoU': 'bIoU',
  'B-F1': 'bF1',
  F1: 'F1',
  AP50: 'AP50',
  mAP: 'AP',
  nothing: 'recognised',
  'by mistake': 'falseAlarms',
} as const;

/** What was run, a line each, with what it cost. */
function everyRow(rows: readonly Row[]): Table {
  const used = Object.entries(everyColumn).filter(([, name]) =>
    rows.some(({ figures }) => figures[name].value !== null),
  );
  const columns = Object.fromEntries(used);
  return {
    name: 'all',
    title: 'All of it',
    notes: [
      'F1: instances at IoU .5. calls: of the mask decoder, median. ms: an answer without reading and encoding the photo, median.',
      ...(columns['nothing'] ? ['nothing: "nothing matches" said where that is right.'] : []),
      ...(columns['by mistake'] ? ['by mistake: "nothing matches" said where something is there.'] : []),
    ],
    head: ['Data', 'Methods', 'Prompts'],
    groups: [{ title: '', columns: [...Object.keys(columns), 'calls', 'ms'] }],
    rows: rows.map((row) => ({
      labels: [row.data, rowName(row, rows), row.prompts ?? ''],
      cells: [
        ...cellsOf(row, columns).map((figure) => figure && { ...figure, interval: null }),
        row.decoderCalls === null ? null : String(row.decoderCalls),
        row.ms === null ? null : String(Math.round(row.ms)),
      ],
    })),
  };
}
