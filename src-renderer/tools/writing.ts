/** @file What a person does with candidates: keep, drop, edit, go on, take back; and queries of their own. */
import type { Input } from '../../src-main/contract/api.ts';
import type { Candidate } from '../../src-main/contract/generate.ts';
import type { Changed } from '../../src-main/contract/methods-annotate.ts';
import { activeCandidate, nextWaiting, type WritingState, withDecided } from '../document/writing.ts';
import type { App } from './app.ts';
import { change } from './change.ts';
import { enqueue, tell } from './queue.ts';
import { noteChange, takeBackLast } from './stage-queue.ts';
import { focus } from './view.ts';
import { openWriting, readList, reread, setWriting } from './writing-list.ts';

type Decision = Input<'candidate.decide'>['decision'];

const stateOf = ({ store }: App) => store.getState().writing;

export const keep = (app: App): Promise<void> => decide(app, 'keep', 'Kept');
export const drop = (app: App): Promise<void> => decide(app, 'drop', 'Dropped');

/** A candidate that was dropped waits again. */
export const reopen = (app: App): Promise<void> => decide(app, 'reopen', 'Waits again');

function decide(app: App, decision: Decision, done: string): Promise<void> {
  return enqueue(app, async () => {
    const candidate = activeCandidate(stateOf(app));
    if (!candidate) return tell(app, 'none', 'No candidate is chosen.');
    const result = await send(app, candidate, { decision });
    if (!result) return;
    tell(app, 'good', `${done}: "${candidate.text.slice(0, 80)}"`);
    if (decision !== 'reopen') await goOn(app);
  });
}

/** Stores another text, form or kind; with `andKeep` the candidate is kept as it is then. */
export function edit(
  app: App,
  change: Pick<Partial<Candidate>, 'text' | 'form' | 'reasoningType'>,
  andKeep = false,
): Promise<void> {
  return enqueue(app, async () => {
    const candidate = activeCandidate(stateOf(app));
    if (!candidate) return;
    const decision = andKeep ? ('keep' as const) : ('edit' as const);
    const result = await send(app, candidate, { decision, ...change });
    if (!result) return;
    showForm(app, null);
    if (andKeep) await goOn(app);
  });
}

async function send(
  app: App,
  { id, imageId, text }: Candidate,
  decision: Omit<Input<'candidate.decide'>, 'candidateId'>,
) {
  const { shownAt } = stateOf(app);
  const ms = Math.min(86_400_000, Math.max(0, Math.round(performance.now() - shownAt)));
  const what = `Decide on "${text.slice(0, 60)}"`;
  const result = await change(
    app,
    'candidate.decide',
    { candidateId: id, ...decision, cost: { ms } },
    { what, imageId },
  );
  if (result) {
    noteDone(app, result.changed, id, `"${text.slice(0, 60)}"`);
    // The rest of the image is read again when its change is heard; the next candidate does not wait for that.
    app.store.setState(({ writing }) => ({ writing: withDecided(writing, result.candidate) }));
  } else await reread(app);
  return result;
}

function noteDone(app: App, { imageId, seq }: Changed, candidateId: number, what: string): void {
  if (imageId === null) return;
  noteChange(app, { imageId, seq });
  setWriting(app, ({ done }) => ({ done: [...done.slice(-199), { queryId: candidateId, imageId, seq, what }] }));
}

/** To the next candidate that waits, on this image or on the next one that has any. */
async function goOn(app: App): Promise<void> {
  const { open, candidateId } = stateOf(app);
  const next = open && nextWaiting(open.candidates, candidateId);
  if (next) return choose(app, next.id);
  let other = nextImage(stateOf(app), 1, true);
  if (other === null) {
    // The list may be older than what a job has written since.
    await readList(app, false);
    other = nextImage(stateOf(app), 1, true);
  }
  if (other !== null) await openWriting(app, other);
  else tell(app, 'good', 'No candidate waits any more in this list.');
}

export function choose(app: App, candidateId: number): void {
  setWriting(app, () => ({ candidateId, shownAt: performance.now(), form: null }));
}

export function stepCandidate(app: App, step: 1 | -1): void {
  const { open, candidateId } = stateOf(app);
  const at = open?.candidates.findIndex(({ id }) => id === candidateId) ?? -1;
  const next = open?.candidates[at + step];
  if (next) choose(app, next.id);
}

function nextImage({ images, open }: WritingState, step: 1 | -1, waiting: boolean): number | null {
  const rows = images ?? [];
  const at = rows.findIndex(({ id }) => id === open?.image.id);
  const after = step === 1 ? rows.slice(at + 1) : rows.slice(0, Math.max(0, at)).reverse();
  const before = waiting ? rows.slice(0, Math.max(0, at)) : [];
  return [...after, ...before].find((row) => !waiting || row.new > 0)?.id ?? null;
}

export const stepImage = (app: App, step: 1 | -1): Promise<void> =>
  enqueue(app, async () => {
    const id = nextImage(stateOf(app), step, false);
    if (id === null) tell(app, 'none', step === 1 ? 'This is the last image of the list.' : 'This is the first image.');
    else await openWriting(app, id);
  });

export function showForm(app: App, form: WritingState['form']): void {
  const { open } = stateOf(app);
  const candidate = activeCandidate(stateOf(app));
  if (form !== null && !(form === 'edit' ? candidate : open)) tell(app, 'none', 'Choose an image first.');
  else if (form === 'edit' && candidate?.state === 'kept') {
    tell(app, 'none', 'It is a query now.', 'Edit it in "Validate" or "Annotate", or take the decision back.');
  } else show(app, form);
}

function show(app: App, form: WritingState['form']): void {
  setWriting(app, () => ({ form }));
  if (form === null) focus(app, 'canvas');
}

/** A query that a person has thought of. */
export const addOwn = (app: App, query: Pick<Candidate, 'text' | 'form' | 'reasoningType'>): Promise<void> =>
  enqueue(app, async () => {
    const { open } = stateOf(app);
    if (!open || query.text.trim() === '') return;
    const imageId = open.image.id;
    const what = `Add "${query.text.slice(0, 60)}"`;
    const added = await change(app, 'query.add', { imageId, ...query }, { what, imageId });
    if (!added) return;
    noteDone(app, added.changed, 0, `"${query.text.slice(0, 60)}"`);
    tell(app, 'good', `Added: "${query.text.slice(0, 80)}"`);
    await reread(app);
  });

/** The last thing that was done in this stage is undone, and shown again, also where another image is open by now. */
export const takeBack = (app: App): Promise<void> =>
  enqueue(app, async () => {
    const taken = await takeBackLast(app, stateOf(app).done);
    if (!taken) return;
    const { last, rest } = taken;
    setWriting(app, () => ({ done: rest, form: null }));
    await openWriting(app, last.imageId);
    if (stateOf(app).open?.candidates.some(({ id }) => id === last.queryId)) choose(app, last.queryId);
    tell(app, 'good', `Took back ${last.what}.`);
  });

export const toggle = (app: App, what: 'setup' | 'provenance' | 'boxes'): void =>
  setWriting(app, (writing) => ({ [what]: !writing[what] }));
