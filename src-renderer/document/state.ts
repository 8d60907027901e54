/**
 * @file The truth of the page, in one tree of plain data. Panels and the canvas draw from it; only `tools` change it,
 * through the reducers beside this file. Masks are COCO RLE, coordinates are pixels of the upright image.
 */
import type { ImageFilter, ListedImage } from '../../src-main/contract/image-list.ts';
import type { ImageDocument } from '../../src-main/contract/methods-annotate.ts';
import type { Step } from '../../src-main/contract/methods-engine.ts';
import type { Reasoner } from '../../src-main/contract/methods-models.ts';
import type { ProjectInfo, RecentProject, ScanResult, Suggestions } from '../../src-main/contract/methods-project.ts';
import type { ProviderReport } from '../../src-main/contract/provider.ts';
import type { Settings } from '../../src-main/contract/settings.ts';
import type { HostErrorCode } from '../host/error.ts';
import type { AlignState } from './align.ts';
import type { Draft } from './draft.ts';
import type { EvaluationState } from './evaluation.ts';
import type { PickingState } from './picking.ts';
import type { ReviewState } from './review.ts';
import type { StageName } from './stages.ts';
import type { WritingState } from './writing.ts';

/** An error as it is shown. */
export type Failure = { readonly code: HostErrorCode; readonly message: string; readonly hint: string | undefined };

export type ConnectionState = {
  /** `connecting`: before the first answer. */
  readonly state: 'connecting' | 'online' | 'lost' | 'refused';
  readonly kind: 'web' | 'electron' | null;
  readonly message: string | null;
};

export type ProjectState = {
  readonly info: ProjectInfo | null;
  /** Known after the first answer; until then the page shows neither start screen nor project. */
  readonly known: boolean;
  readonly recent: readonly RecentProject[];
  /** What is being done to projects now, for a busy sign: opening, making one. */
  readonly busy: 'opening' | 'creating' | null;
  readonly failure: Failure | null;
  readonly scan: ScanResult | null;
  /** Images by state over the whole project, whatever the filter: "12 / 87 done". */
  readonly counts: {
    readonly total: number;
    readonly new: number;
    readonly open: number;
    readonly done: number;
  } | null;
};

export type ImageListState = {
  /** As typed. */
  readonly filterText: string;
  /** The last text that could be read, as a filter. */
  readonly filter: ImageFilter;
  /** What is wrong with the text; the list then still shows `filter`. */
  readonly filterError: string | null;
  /** Images that the filter lets through; null until the first answer. */
  readonly total: number | null;
  /** Pages of `pageSize` rows by their number, those that were looked at. */
  readonly pages: ReadonlyMap<number, readonly ListedImage[]>;
  /** Counts the lists: rows of an older one are dropped. */
  readonly generation: number;
  /** The change that each row was last told of, so that a late event does not bring an older row back. */
  readonly rowSeqs: ReadonlyMap<number, number>;
  readonly failure: Failure | null;
};

/** A mask on screen: `draft` is the one that no record has yet. */
export type Selection =
  | { readonly kind: 'proposal'; readonly id: number }
  | { readonly kind: 'instance'; readonly id: number }
  | { readonly kind: 'draft' };

export type EncodingState = {
  readonly state: 'waiting' | 'encoding' | 'ready' | 'failed';
  /** Of the encoder; 0 where it was done before. */
  readonly ms: number | null;
  readonly cached: boolean;
  readonly failure: Failure | null;
};

/** The image on the canvas. */
export type OpenImage = {
  readonly document: ImageDocument;
  /** Counts openings: a late answer of another one is dropped. */
  readonly generation: number;
  /** Its place in the filtered list, from 0; null where the filter leaves it out. */
  readonly position: number | null;
  /** The query that is worked on. */
  readonly queryId: number | null;
  readonly selection: Selection | null;
  readonly encoding: EncodingState;
  /** When the selected mask came on screen (`performance.now()`): the cost of the next action counts from here. */
  readonly shownAt: number;
};

/** A query that a reasoner works on, or that it could not answer. */
export type Asking = {
  readonly queryId: number;
  readonly imageId: number;
  readonly reasoner: string;
  readonly state: 'asking' | 'failed';
  readonly startedAt: number;
  readonly steps: readonly Step[];
  readonly failure: Failure | null;
};

export const toolNames = ['point', 'box', 'brush', 'eraser', 'pan'] as const;
export type ToolName = (typeof toolNames)[number];

export type ViewState = {
  /** All masks are hidden, to see the photo. */
  readonly hidden: boolean;
  /** Pending proposals with a lower score are hidden, never deleted. 0 to 1. */
  readonly threshold: number;
  /** What the pointer is over, on canvas or in a list. */
  readonly hover: Selection | null;
  /** Screen pixels per image pixel, as the canvas last told. */
  readonly zoom: number;
  readonly cursor: { readonly x: number; readonly y: number } | null;
};

/** One line of the status bar. `good` was done, `none` did nothing and says why, `bad` failed. */
export type Notice = {
  readonly id: number;
  readonly tone: 'good' | 'none' | 'bad';
  readonly text: string;
  readonly hint: string | null;
};

/** A change that was not acknowledged: it is shown until it is stored, or given up by the person. */
export type Unstored = {
  readonly id: number;
  /** For people: "Accept mask 3". */
  readonly what: string;
  readonly imageId: number | null;
  readonly failure: Failure;
};

export type SavingState = {
  /** Changes on their way. */
  readonly pending: number;
  readonly unstored: readonly Unstored[];
  /** `Date.now()` of the last acknowledged change. */
  readonly storedAt: number | null;
};

export type EngineState = {
  readonly state: 'unknown' | 'starting' | 'ready' | 'crashed';
  readonly message: string | null;
  /** Of the segmenter in use: what it runs on, and why not on something faster. */
  readonly provider: ProviderReport | null;
};

/** Side sheets. `keys` is the F1 sheet. */
export const sheetNames = ['keys', 'settings', 'models', 'export'] as const;
export type SheetName = (typeof sheetNames)[number];

/** Where the keyboard should be; `count` grows with each wish, so that the same place can be wished for again. */
export type FocusWish = { readonly place: 'canvas' | 'query' | 'filter'; readonly count: number };

export type State = {
  readonly connection: ConnectionState;
  readonly project: ProjectState;
  /** Which screen of the project is shown. */
  readonly stage: StageName;
  /** The stage that the annotator's screen was opened from, to go back to. */
  readonly cameFrom: StageName | null;
  readonly review: ReviewState;
  readonly align: AlignState;
  readonly picking: PickingState;
  readonly writing: WritingState;
  readonly settings: Settings;
  readonly reasoners: readonly Reasoner[];
  readonly engine: EngineState;
  readonly images: ImageListState;
  readonly open: OpenImage | null;
  /** The image that is being read; with a failure where it could not be. */
  readonly opening: { readonly imageId: number; readonly failure: Failure | null } | null;
  /** Unfinished masks by `draftKey(imageId, target)`, of all images: leaving an image does not lose them. */
  readonly drafts: ReadonlyMap<string, Draft>;
  /** By query id. */
  readonly asking: ReadonlyMap<number, Asking>;
  /** What stands in the query box, by image id. */
  readonly queryTexts: ReadonlyMap<number, string>;
  /** Queries that came with the project's images, by image id. */
  readonly suggestions: ReadonlyMap<number, Suggestions>;
  /** Texts of queries of the project, newest first. */
  readonly recentTexts: readonly string[];
  readonly evaluation: EvaluationState;
  readonly tool: ToolName;
  readonly view: ViewState;
  /** Newest last, at most 50. */
  readonly notices: readonly Notice[];
  readonly saving: SavingState;
  readonly sheet: SheetName | null;
  readonly focus: FocusWish;
};
