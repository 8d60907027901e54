/**
 * @file What follows from every change of annotations, in one place: its number, the step of undo, and the event that
 * tells all pages. The change itself is on disk already.
 */
import type { Change } from '../contract/diff.ts';
import { AppError } from '../contract/errors.ts';
import type { Changed } from '../contract/methods-annotate.ts';
import type { Actor } from '../contract/records.ts';
import { applyDiff } from '../store/change.ts';
import { findEvent } from '../store/events.ts';
import { listedImages } from '../store/images.ts';
import { getSetting } from '../store/settings.ts';
import { type Direction, historyOf, keepStep, nextStep, turnStep } from './history.ts';
import type { Services, Session } from './services.ts';

type Cost = Pick<Actor, 'clicks' | 'strokes' | 'ms'>;

/** The reviewer of the settings, with what the action cost. */
export function actorOf({ keeper }: Services, cost: Cost = {}): Actor {
  return { who: getSetting(keeper, 'reviewer'), ...cost };
}

/** Counts a change, keeps its step of undo, tells all pages, and answers what it told. */
export function changed(services: Services, session: Session, change: Change): Changed {
  const { what, imageId } = findEvent(session.project.db, change.eventId)!;
  if (imageId !== null) keepStep(session.histories, imageId, what, change.inverse);
  return tell(services, session, change, what, imageId);
}

/**
 * Takes the last change of an image back, or brings it back; null where there is none.
 * @throws AppError conflict when something else has changed what it is about; then the step stays where it is.
 */
export function takeStep(services: Services, session: Session, imageId: number, direction: Direction): Changed | null {
  const step = nextStep(session.histories, imageId, direction);
  if (!step) return null;
  const change = applyStep(session, step.diff, step.what, actorOf(services), direction);
  turnStep(session.histories, imageId, direction, change.inverse);
  return tell(services, session, change, direction, imageId);
}

function applyStep({ project }: Session, diff: Change['diff'], what: string, actor: Actor, direction: Direction) {
  try {
    return applyDiff(project.db, diff, actor, direction);
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'conflict')) throw error;
    throw new AppError(
      'conflict',
      `The step "${what}" cannot be ${direction === 'undo' ? 'taken back' : 'repeated'}: ${error.message}`,
      {
        hint: 'Nothing was changed, and the step is kept. Undo what was done since first.',
        cause: error,
      },
    );
  }
}

function tell(services: Services, session: Session, change: Change, what: string, imageId: number | null): Changed {
  session.seq += 1;
  const told: Changed = {
    session: session.id,
    seq: session.seq,
    what,
    diff: change.diff,
    images: listedImages(session.project.db, touchedImages(change)),
    imageId,
    history: historyOf(session.histories, imageId),
  };
  services.publish('project.changed', told);
  return told;
}

/** Images whose rows in the list may look different. Whatever changes a proposal or a link changes its query too. */
function touchedImages({ diff, inverse }: Change): number[] {
  const ids = new Set<number>();
  for (const { table, record } of [...diff.put, ...inverse.put]) {
    if (table === 'image') ids.add(record.id);
    else if (table === 'query' || table === 'instance') ids.add(record.imageId);
  }
  return [...ids].sort((a, b) => a - b);
}
