/** @file Candidates: made from what a model wrote, read, decided on. */

import { AppError } from '../contract/errors.ts';
import type { Candidate, Flag, TemplateText } from '../contract/generate.ts';
import type { generateMethods } from '../contract/methods-generate.ts';
import type { RawCandidate } from '../dataset/generate-answer.ts';
import { checkCandidate } from '../dataset/generate-checks.ts';
import { candidatesOf, decideCandidate, provenanceOf } from '../store/generation-candidates.ts';
import {
  candidateImage,
  candidateImages,
  countCandidateImages,
  countCandidates,
  labelledBoxes,
} from '../store/generation-images.ts';
import type { NewCandidate } from '../store/generation-jobs.ts';
import { needRequest } from '../store/generation-jobs.ts';
import { captionsOf } from '../store/generation-templates.ts';
import { queriesOf, queryWithText } from '../store/queries.ts';
import { find, need } from '../store/records.ts';
import type { Db } from '../store/statements.ts';
import { actorOf, changed } from './changed.ts';
import { defined } from './defined.ts';
import type { Handlers } from './dispatcher.ts';
import type { Prompt } from './generate-prompt.ts';
import { type ElsewhereIndex, hereIndex } from './generate-texts.ts';
import { openSession, type Services } from './services.ts';

/** What a model wrote about an image, with what a person should look at. */
export function candidatesFor(
  db: Db,
  imageId: number,
  raws: readonly RawCandidate[],
  { form, reasoningType }: Pick<TemplateText, 'form' | 'reasoningType'>,
  prompt: Prompt,
  elsewhere: ElsewhereIndex,
): NewCandidate[] {
  const here = hereIndex(db, imageId);
  return raws.map(({ text, targets: numbers }) => {
    const meant = numbers.flatMap((number) => prompt.objects[number - 1] ?? []);
    const classes = [
      ...(prompt.className === null ? [] : [prompt.className]),
      ...meant.map(({ category }) => category),
    ];
    const neighbours = { here: here.find(text), elsewhere: elsewhere.find(imageId, text) };
    const flags = checkCandidate({ text, form }, classes, neighbours);
    here.add(text);
    elsewhere.add(imageId, text);
    return { text, original: text, form, reasoningType, targets: meant.map(({ instanceId }) => instanceId), flags };
  });
}

/** Flags of a candidate whose text or form was changed. What is said of other images stays: it is not looked for again. */
function flagsAfter(db: Db, candidate: Candidate): Flag[] {
  const { categoryId } = needRequest(db, candidate.requestId);
  const asked = categoryId === null ? undefined : find(db, 'category', categoryId);
  const boxes = labelledBoxes(db, candidate.imageId);
  const meant = boxes.filter(({ instanceId }) => candidate.targets.includes(instanceId));
  const classes = [...(asked ? [asked.name] : []), ...meant.map(({ category }) => category)];
  const here = hereIndex(db, candidate.imageId, candidate.id).find(candidate.text);
  return checkCandidate(candidate, classes, { here, elsewhere: null });
}

type CandidateMethod = Extract<keyof typeof generateMethods, `candidate.${string}` | `candidates.${string}`>;

export function candidateHandlers(services: Services): Pick<Handlers, CandidateMethod> {
  const open = () => openSession(services).project.db;
  return {
    'candidates.images': async ({ filter, offset, limit }) => ({
      images: candidateImages(open(), filter, offset, limit),
      total: countCandidateImages(open(), filter),
      counts: countCandidates(open()),
    }),
    'candidates.read': async ({ imageId }) => {
      const db = open();
      need(db, 'image', imageId);
      return {
        image: candidateImage(db, imageId)!,
        candidates: candidatesOf(db, imageId),
        boxes: labelledBoxes(db, imageId),
        captions: captionsOf(db, imageId),
        queries: queriesOf(db, imageId),
      };
    },
    'candidate.provenance': async ({ candidateId }) => ({ provenance: provenanceOf(open(), candidateId) }),
    'candidate.decide': async ({ candidateId, decision, cost, ...said }) => {
      const session = openSession(services);
      const { db } = session.project;
      const before = need(db, 'candidate', candidateId);
      const edit = defined(said);
      const after = { ...before, ...edit };
      if (decision === 'keep') refuseTwice(db, after);
      const isOther = after.text !== before.text || after.form !== before.form;
      const given = { edit, ...(isOther ? { flags: flagsAfter(db, after) } : {}) };
      const { result, ...change } = decideCandidate(db, candidateId, decision, given, actorOf(services, cost));
      return { changed: changed(services, session, change), candidate: result };
    },
  };
}

/** An image has a text once. */
function refuseTwice(db: Db, { imageId, text }: Candidate): void {
  if (!queryWithText(db, imageId, text)) return;
  throw new AppError('conflict', `The image has the query "${text.slice(0, 200)}" already.`, {
    hint: 'Drop this one, or say it in other words.',
  });
}
