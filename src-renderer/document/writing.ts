/** @file What the stage of writing queries knows: images with candidates, the one that is looked at, jobs. Pure. */
import type { Output } from '../../src-main/contract/api.ts';
import type { Candidate, Generation } from '../../src-main/contract/generate.ts';
import type { CandidateImage } from '../../src-main/contract/methods-generate.ts';
import type { Failure } from './state.ts';
import type { Done } from './work-queue.ts';

export type WritingDocument = Output<'candidates.read'>;
export type WritingFilter = 'new' | 'any' | 'all';

export type WritingState = {
  readonly filter: WritingFilter;
  /** Rows of the list so far, in order; null until the first answer. */
  readonly images: readonly CandidateImage[] | null;
  readonly total: number;
  readonly counts: { readonly new: number; readonly kept: number; readonly dropped: number };
  /** The image whose candidates are shown. */
  readonly open: WritingDocument | null;
  readonly candidateId: number | null;
  /** What is open beside the candidates. */
  readonly form: 'edit' | 'add' | null;
  /** Whether templates, costs and jobs are shown in place of the photo. */
  readonly setup: boolean;
  readonly provenance: boolean;
  readonly boxes: boolean;
  /** Newest first. */
  readonly generations: readonly Generation[];
  /** When the candidate came on screen (`performance.now()`). */
  readonly shownAt: number;
  readonly failure: Failure | null;
  /** What was done here, to be taken back; newest last. */
  readonly done: readonly Done[];
};

export const emptyWriting: WritingState = {
  filter: 'new',
  images: null,
  total: 0,
  counts: { new: 0, kept: 0, dropped: 0 },
  open: null,
  candidateId: null,
  form: null,
  setup: false,
  provenance: false,
  boxes: true,
  generations: [],
  shownAt: 0,
  failure: null,
  done: [],
};

export const activeCandidate = ({ open, candidateId }: WritingState): Candidate | null =>
  open?.candidates.find(({ id }) => id === candidateId) ?? null;

/** The candidate to decide next after `id`: the next one that waits, starting over at the first; null where none does. */
export function nextWaiting(candidates: readonly Candidate[], id: number | null): Candidate | null {
  const at = candidates.findIndex((each) => each.id === id);
  const others = [...candidates.slice(at + 1), ...candidates.slice(0, Math.max(0, at))];
  return others.find(({ state }) => state === 'new') ?? null;
}

/** Another image is shown; the first candidate that waits is active, else the first. */
export function withOpened(state: WritingState, open: WritingDocument, now: number): WritingState {
  const { candidates } = open;
  const stays = state.open?.image.id === open.image.id && candidates.some(({ id }) => id === state.candidateId);
  const first = nextWaiting(candidates, null) ?? candidates[0] ?? null;
  const candidateId = stays ? state.candidateId : (first?.id ?? null);
  const images = state.images?.map((row) => (row.id === open.image.id ? open.image : row)) ?? null;
  return { ...state, open, images, candidateId, shownAt: stays ? state.shownAt : now, form: stays ? state.form : null };
}

/** A candidate of the open image as it is stored now, counted in the list as well. */
export function withDecided(state: WritingState, candidate: Candidate): WritingState {
  const { open } = state;
  if (!open?.candidates.some(({ id }) => id === candidate.id)) return state;
  const candidates = open.candidates.map((each) => (each.id === candidate.id ? candidate : each));
  const count = (wanted: Candidate['state']) => candidates.filter((each) => each.state === wanted).length;
  const image = { ...open.image, new: count('new'), kept: count('kept'), dropped: count('dropped') };
  const images = state.images?.map((row) => (row.id === image.id ? image : row)) ?? null;
  return { ...state, open: { ...open, image, candidates }, images };
}

/** A job as it is now, among the others; newest first. */
export function withGeneration(generations: readonly Generation[], generation: Generation): readonly Generation[] {
  return [generation, ...generations.filter(({ id }) => id !== generation.id)].sort((a, b) => b.id - a.id);
}

/**
 * The jobs that were `read`, newest first. What was heard of a job since the reading began is newer than what was read
 * of it: answers and events come by different ways and overtake each other.
 * @param before the jobs as they were known when the reading began; `now`, as they are known at its end.
 */
export function withRead(
  read: readonly Generation[],
  before: readonly Generation[],
  now: readonly Generation[],
): readonly Generation[] {
  return now.filter((each) => !before.includes(each)).reduce(withGeneration, read);
}

/** The job that is not at its end, if there is one. */
export const unfinished = ({ generations }: WritingState): Generation | null =>
  generations.find(({ state }) => state === 'running' || state === 'paused') ?? null;
