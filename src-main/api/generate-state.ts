/** @file A job as people see it: how far it is, what it has cost, what is left. Counted from the project, so that it is the same after a restart. */
import type { Generation } from '../contract/generate.ts';
import { costOf, median, secondsFor } from '../dataset/generate-cost.ts';
import { countGeneration, needGeneration } from '../store/generation-jobs.ts';
import type { Db } from '../store/statements.ts';

/**
 * @param activity what this application does with the job now; null where it does nothing: then one that the project
 * says is running was left by an application that ended.
 */
export function generationState(db: Db, id: number, activity: 'running' | 'pausing' | null): Generation {
  const { at, who, model, settings, state, reason } = needGeneration(db, id);
  const counts = countGeneration(db, id);
  const { waiting, answered, failed, candidates, answers, inputTokens, outputTokens, lastMs, failures } = counts;
  const { prices, parallel } = settings;
  const interrupted = state === 'running' && activity === null;
  const cost = costOf(inputTokens, outputTokens, prices);
  const medianMs = median(lastMs);
  return {
    ...{
      id,
      at,
      who,
      model,
      settings,
      waiting,
      answered,
      failed,
      candidates,
      inputTokens,
      outputTokens,
      cost,
      medianMs,
    },
    state: interrupted ? 'paused' : state,
    reason: interrupted ? interruptedReason : activity === 'pausing' ? pausingReason : reason,
    secondsLeft: waiting === 0 ? 0 : secondsFor(waiting, medianMs, parallel),
    costLeft: cost === null || answers === 0 ? null : (cost / answers) * waiting,
    failures: [...failures],
  };
}

const interruptedReason = 'The application ended while it ran. What was answered is kept; the rest can be asked now.';
const pausingReason = 'Pausing: answers that are under way are waited for.';
