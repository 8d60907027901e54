/**
 * @file query.ask: a query of the project is put to a reasoner, and what comes back is stored with the query that was
 * asked, whatever image is on the screen by then and whatever else was changed meanwhile.
 */
import type { Output, Parsed } from '../contract/api.ts';
import { AppError } from '../contract/errors.ts';
import type { Rle } from '../contract/mask.ts';
import type { Query } from '../contract/records.ts';
import type { Segmentation } from '../contract/segmentation.ts';
import { iou } from '../mask/boolean.ts';
import { type NewProposal, propose } from '../store/proposals.ts';
import { find, need, select } from '../store/records.ts';
import { getSetting } from '../store/settings.ts';
import type { Db } from '../store/statements.ts';
import { actorOf, changed } from './changed.ts';
import type { CallContext } from './dispatcher.ts';
import { reasonerKey } from './endpoint-keys.ts';
import { fileOfImage } from './images-files.ts';
import { openSession, type Services } from './services.ts';

/** Two masks that agree more than this are the same thing. A part inside a whole agrees far less. */
const sameIou = 0.9;

export async function ask(
  services: Services,
  input: Parsed<'query.ask'>,
  context: CallContext<'query.ask'>,
): Promise<Output<'query.ask'>> {
  const { engine, keeper } = services;
  const session = openSession(services);
  const { db } = session.project;
  const asked = need(db, 'query', input.queryId);
  const path = await fileOfImage(services, { id: asked.imageId }, context);
  const pack = input.pack ?? getSetting(keeper, 'segmenter');
  const profile = input.profile ?? getSetting(keeper, 'profile');
  const { reasoner } = input;
  const how = { pack, reasoner, profile, prompts: 'both', refine: true } as const;
  const found = await engine.call(
    'segment.query',
    { image: { path }, query: asked.text, ...how },
    {
      signal: context.signal,
      onProgress: context.progress,
      lane: context.lane,
      reasonerKey: reasonerKey(services, reasoner),
    },
  );
  context.signal.throwIfAborted(); // by the page, or because the project was closed
  checkStillAsked(db, asked);
  const { proposals, duplicates } = offersOf(db, asked.id, found.instances);
  const answer = found.answer ?? null;
  const run = { pack, reasoner, prompts: { profile, prompts: how.prompts, duplicates }, answer, timing: found.timing };
  const whole = {
    semantic: found.semantic,
    refined: found.refined,
    instances: found.instances.map(({ segmentation, score }) => ({ rle: segmentation, score })),
  };
  const stored = { run, proposals, answer: whole };
  const { result: _, ...change } = propose(db, asked.id, stored, actorOf(services, input.cost));
  const told = changed(services, session, change);
  return { changed: told, proposals: proposals.length, duplicates, timing: found.timing, answer };
}

/**
 * A model takes its time, and people go on working. Whatever they did to the query, the answer is to its text.
 * @throws AppError conflict when the query was deleted or its text changed; nothing is stored then.
 */
function checkStillAsked(db: Db, asked: Query): void {
  const now = find(db, 'query', asked.id);
  if (now?.text === asked.text) return;
  const what = now ? `changed to "${now.text}"` : 'deleted';
  throw new AppError('conflict', `"${asked.text}" was ${what} while the model worked on it.`, {
    hint: `The answer is not stored. ${now ? 'Ask again, with the new text.' : 'Undo that and ask anew, if it was wrong.'}`,
  });
}

/** What is offered: the masks that the query does not have as instances already. */
function offersOf(db: Db, queryId: number, found: Segmentation['instances']) {
  const linked = 'id IN (SELECT instance_id FROM query_instance WHERE query_id = ?)';
  const known = select(db, 'instance', linked, queryId).map(({ rle }) => rle);
  const isKnown = (mask: Rle) => known.some((other) => iou(mask, other) > sameIou);
  const proposals: NewProposal[] = found
    .filter(({ segmentation }) => !isKnown(segmentation))
    .map(({ segmentation, score, label }) => ({ rle: segmentation, score, label: label ?? null }));
  return { proposals, duplicates: found.length - proposals.length };
}
