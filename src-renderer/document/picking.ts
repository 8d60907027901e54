/** @file What the stage of choosing images knows: the file, what fits, what is kept and dropped, and the way back. Pure. */
import type { AppliedSelection, SelectionCandidate, SelectionState } from '../../src-main/contract/methods-select.ts';
import { type Choice, type SelectionSettings, selectionSettingsSchema } from '../../src-main/contract/selection.ts';
import type { Failure } from './state.ts';

export type Working = { readonly what: string; readonly done: number; readonly total: number };

/** Choices as they were before, by image; null for one that was undecided. */
export type PickStep = ReadonlyMap<number, Choice | null>;

export type PickingState = {
  /** Null until the file was read. */
  readonly data: SelectionState | null;
  readonly working: Working | null;
  readonly failure: Failure | null;
  readonly settings: SelectionSettings;
  /** Images that fit, in order, and how many fit for each class, whichever is looked at. */
  readonly found: readonly number[];
  readonly supply: readonly number[];
  /** Those that were looked at, for the filter as it is. */
  readonly candidates: ReadonlyMap<number, SelectionCandidate>;
  readonly choices: ReadonlyMap<number, Choice>;
  readonly inProject: ReadonlySet<number>;
  /** Place in `found`. */
  readonly cursor: number;
  /** Images in a row of the grid. */
  readonly columns: number;
  /** One image is shown as large as it goes. */
  readonly large: boolean;
  readonly undo: readonly PickStep[];
  readonly redo: readonly PickStep[];
  readonly applied: AppliedSelection | null;
};

export const emptyPicking: PickingState = {
  data: null,
  working: null,
  failure: null,
  settings: selectionSettingsSchema.parse({}),
  found: [],
  supply: [],
  candidates: new Map(),
  choices: new Map(),
  inProject: new Set(),
  cursor: 0,
  columns: 1,
  large: false,
  undo: [],
  redo: [],
  applied: null,
};

const mostSteps = 500;

/** The file has been read; what was looked at before belongs to another one. */
export function withData(picking: PickingState, data: SelectionState): PickingState {
  return {
    ...emptyPicking,
    columns: picking.columns,
    data,
    settings: data.settings,
    choices: new Map(data.choices.map((choice) => [choice.image, choice])),
    inProject: new Set(data.inProject),
  };
}

/** Puts choices (null: undecided again), and keeps the way back. Those that change nothing are passed over. */
export function withChoices(picking: PickingState, changes: PickStep): PickingState {
  const { choices, step } = replaced(picking.choices, changes);
  if (step.size === 0) return picking;
  return { ...picking, choices, undo: [...picking.undo, step].slice(-mostSteps), redo: [] };
}

/** Takes the last step back, or brings it back; null where there is none. Answers the changes for the application too. */
export function stepped(
  picking: PickingState,
  direction: 'undo' | 'redo',
): { picking: PickingState; changes: PickStep } | null {
  const changes = picking[direction].at(-1);
  if (!changes) return null;
  const { choices, step } = replaced(picking.choices, changes);
  const other = direction === 'undo' ? 'redo' : 'undo';
  const lists = { [direction]: picking[direction].slice(0, -1), [other]: [...picking[other], step] };
  return { picking: { ...picking, choices, ...lists }, changes };
}

function replaced(before: ReadonlyMap<number, Choice>, changes: PickStep) {
  const choices = new Map(before);
  const step = new Map<number, Choice | null>();
  for (const [image, choice] of changes) {
    const old = before.get(image) ?? null;
    if (JSON.stringify(old) === JSON.stringify(choice)) continue;
    step.set(image, old);
    if (choice) choices.set(image, choice);
    else choices.delete(image);
  }
  return { choices, step };
}

/** Changes that lead from the choices as they are to `after`. */
export function differences(before: ReadonlyMap<number, Choice>, after: readonly Choice[]): Map<number, Choice | null> {
  const changes = new Map<number, Choice | null>(after.map((choice) => [choice.image, choice]));
  for (const image of before.keys()) if (!changes.has(image)) changes.set(image, null);
  return changes;
}

export type Tally = {
  /** Kept images of each class. */
  readonly classes: readonly number[];
  readonly supercategories: readonly { readonly name: string; readonly count: number }[];
  readonly kept: number;
  readonly dropped: number;
  /** Kept and not yet in the project. */
  readonly waiting: number;
};

export function tallyOf({ data, choices, inProject }: PickingState): Tally {
  const categories = data?.categories ?? [];
  const classes = categories.map(() => 0);
  const above = new Map<string, number>(categories.map(({ supercategory }) => [supercategory, 0]));
  let [kept, dropped, waiting] = [0, 0, 0];
  for (const { image, verdict, category } of choices.values()) {
    if (verdict === 'drop') {
      dropped += 1;
      continue;
    }
    kept += 1;
    if (!inProject.has(image)) waiting += 1;
    if (category === null) continue;
    classes[category]! += 1;
    const { supercategory } = categories[category]!;
    above.set(supercategory, above.get(supercategory)! + 1);
  }
  return { classes, supercategories: [...above].map(([name, count]) => ({ name, count })), kept, dropped, waiting };
}

/** Images wanted of a class; null for no bound. */
export function quotaOf({ data, settings }: PickingState, category: number): number | null {
  const { own, perClass } = settings.quotas;
  return own[data!.categories[category]!.name] ?? perClass;
}

/** The class that an image is kept for: of those that fit, the one that is furthest behind its quota. */
export function categoryFor(picking: PickingState, { fits }: SelectionCandidate, tally: Tally): number | null {
  const part = (category: number) => {
    const quota = quotaOf(picking, category);
    return tally.classes[category]! / (quota === null || quota === 0 ? 1 : quota);
  };
  let best: number | null = null;
  for (const { category } of fits) if (best === null || part(category) < part(best)) best = category;
  return best;
}
