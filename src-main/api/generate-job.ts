/**
 * @file A job at work: questions go out, a bounded number at a time; each answer is stored with its candidates before
 * the next question takes its place. It ends by itself when all are answered, when the money is used up, or when nothing
 * but failures comes back; what was not answered then waits, and is all that a later run asks.
 */
import { AppError } from '../contract/errors.ts';
import type { GenerationSettings } from '../contract/generate.ts';
import { answerTokens, costOf, imageTokens, textTokens } from '../dataset/generate-cost.ts';
import {
  countGeneration,
  type NewAnswer,
  needGeneration,
  needRequest,
  type Request,
  setGeneration,
  storeAnswer,
  waitingRequests,
} from '../store/generation-jobs.ts';
import { findTemplate } from '../store/generation-templates.ts';
import type { Db } from '../store/statements.ts';
import { type Answer, type Ask, AskFailure } from './generate-ask.ts';
import { candidatesFor } from './generate-candidates.ts';
import { candidatesIn } from './generate-parse.ts';
import { type Prompt, type PromptSpec, promptFor } from './generate-prompt.ts';
import type { ElsewhereIndex } from './generate-texts.ts';

export type JobTools = {
  readonly db: Db;
  readonly spec: PromptSpec;
  readonly ask: Ask;
  /** data: URL of an image's picture at this size, in pixels. */
  readonly picture: (imageId: number, width: number, height: number) => Promise<string>;
  readonly elsewhere: ElsewhereIndex;
  /** Ends it at once: the project is being closed, or the job is given up. Nothing is stored after it. */
  readonly signal: AbortSignal;
  /** After each question; `imageId` where candidates came. */
  readonly onStep: (imageId: number | null) => void;
};

export type Job = {
  readonly generationId: number;
  /** No more questions; those under way are waited for, since they are paid for. */
  pause(reason: string | null): void;
  /** Settles when nothing is under way any more and the state is stored. */
  readonly done: Promise<void>;
};

/** A question that fails so often, for reasons of its own, is given up. */
const maxAttempts = 3;
/** So many failures without one answer between them, and the rest would fail as well. */
const maxStreak = 4;

/** Starts a job, or goes on with it. @throws AppError not-found. */
export function startJob(tools: JobTools, generationId: number): Job {
  const { db, signal, onStep } = tools;
  const { settings } = needGeneration(db, generationId);
  const queue = waitingRequests(db, generationId);
  const spent = spending(db, generationId, settings);
  let streak = 0;
  let ended: { readonly reason: string | null } | null = null;
  let underWay = 0;
  let ready = Promise.withResolvers<void>();

  async function askOne(id: number): Promise<void> {
    const request = needRequest(db, id);
    try {
      const outcome = await answerTo(tools, request, settings);
      if (signal.aborted) return;
      storeAnswer(db, request, outcome);
      if (outcome.answer) spent.add(outcome.answer);
      if (outcome.state === 'waiting') queue.push(id);
      streak = outcome.state === 'answered' ? 0 : streak + 1;
      if (streak >= maxStreak) end(`${maxStreak} answers in a row could not be used. ${outcome.error ?? ''}`);
      onStep(outcome.candidates.length > 0 ? request.imageId : null);
    } catch (error) {
      if (!signal.aborted) failed(request, failureOf(error));
    }
  }

  /** Nothing came back. Where the job ends for it, the question waits as if it had not been asked. */
  function failed(request: Request, { kind, message }: ReturnType<typeof failureOf>): void {
    streak += 1;
    if (kind === 'stop' || streak >= maxStreak) end(message);
    const isLast = kind === 'never' || (request.attempts + 1 >= maxAttempts && ended === null);
    if (isLast || ended === null) {
      const state = isLast ? 'failed' : 'waiting';
      storeAnswer(db, request, { state, error: message, answer: null, candidates: [] });
      if (!isLast) queue.push(request.id);
    }
    onStep(null);
  }

  function end(reason: string | null): void {
    ended ??= { reason };
  }

  function next(): 'ask' | 'wait' | 'end' {
    if (ended === null && queue.length > 0) {
      if (underWay >= settings.parallel) return 'wait';
      if (spent.allows(underWay + 1)) return 'ask';
      if (underWay > 0) return 'wait'; // what is under way may turn out cheaper than thought
      end(spent.limitReason());
    }
    return underWay > 0 ? 'wait' : 'end';
  }

  async function work(): Promise<void> {
    for (let move = next(); move !== 'end' && !signal.aborted; move = next()) {
      if (move === 'wait') await ready.promise;
      else {
        underWay += 1;
        void askOne(queue.shift()!)
          .catch((error: unknown) => end(error instanceof Error ? error.message : String(error)))
          .finally(() => {
            underWay -= 1;
            wake();
          });
      }
    }
    if (signal.aborted) return;
    const left = waitingRequests(db, generationId).length;
    const reason = (ended as { reason: string | null } | null)?.reason ?? null;
    setGeneration(db, generationId, left === 0 ? { state: 'done' } : { state: 'paused', reason });
    onStep(null);
  }

  function wake(): void {
    ready.resolve();
    ready = Promise.withResolvers();
  }

  signal.addEventListener('abort', wake, { once: true });
  setGeneration(db, generationId, { state: 'running' });
  return {
    generationId,
    done: work(),
    pause(reason) {
      end(reason);
      wake();
    },
  };
}

type Outcome = Parameters<typeof storeAnswer>[2];

/** Asks a question and reads the answer. */
async function answerTo(tools: JobTools, request: Request, settings: GenerationSettings): Promise<Outcome> {
  const { db, spec, ask, picture, signal } = tools;
  const { imageId, categoryId, templateId } = request;
  const template = findTemplate(db, templateId)!;
  const { perImage, maxSide, temperature } = settings;
  const prompt = promptFor(db, spec, { imageId, categoryId, body: template.body }, { wanted: perImage, maxSide });
  const url = await picture(imageId, prompt.width, prompt.height);
  signal.throwIfAborted();
  const seed = seedOf(settings.seed, request);
  const answer = await ask({ prompt: prompt.text, picture: url, temperature, seed }, signal);
  const raws = answer.refusal === null ? candidatesIn(answer.raw) : [];
  const problem = problemOf(answer, raws.length);
  const kept = newAnswer(answer, prompt, seed, problem);
  if (raws.length === 0) {
    // A refusal comes again; an answer that cannot be read may be better with another seed.
    const isLast = answer.refusal !== null || request.attempts + 1 >= 2;
    return { state: isLast ? 'failed' : 'waiting', error: problem, answer: kept, candidates: [] };
  }
  const candidates = candidatesFor(db, imageId, raws, template, prompt, tools.elsewhere);
  return { state: 'answered', error: null, answer: kept, candidates };
}

function problemOf({ refusal, cutOff, raw }: Answer, found: number): string | null {
  if (refusal !== null) return `The model refused: ${refusal.slice(0, 200)}`;
  if (found > 0) return cutOff ? 'The answer was cut off; what was complete is kept.' : null;
  if (cutOff) return "The answer was cut off before its first query: raise the endpoint's tokens for an answer.";
  return raw.trim() === '' ? 'The answer was empty.' : 'The answer held no query that could be read.';
}

/** Servers that count nothing are counted for. */
function newAnswer(answer: Answer, prompt: Prompt, seed: number, error: string | null): NewAnswer {
  const input = textTokens(prompt.text) + imageTokens(prompt.width, prompt.height);
  return {
    ms: answer.ms,
    seed,
    inputTokens: answer.inputTokens || Math.round(input),
    outputTokens: answer.outputTokens || textTokens(answer.raw),
    prompt: prompt.text,
    raw: answer.raw || (answer.refusal ?? ''),
    error,
  };
}

/** Another one for each question and each attempt, the same in each run of the same job. */
const seedOf = (seed: number, { id, attempts }: Request): number => (seed + id * 7919 + attempts * 104_729) % 2 ** 31;

function failureOf(error: unknown): { kind: AskFailure['kind']; message: string } {
  const told = error instanceof AskFailure ? error.error : error;
  const hint = told instanceof AppError && told.hint ? ` ${told.hint}` : '';
  const message = `${told instanceof Error ? told.message : String(told)}${hint}`;
  // What is wrong with a photo or a record stays wrong.
  return { kind: error instanceof AskFailure ? error.kind : 'never', message };
}

/** Money so far, and whether so many more questions stay below the limit. */
function spending(db: Db, generationId: number, { prices, maxCost, perImage }: GenerationSettings) {
  let { answers, inputTokens, outputTokens } = countGeneration(db, generationId);
  const one = (): number => {
    // Until there are answers: a long prompt with a picture, and an answer of the usual length.
    if (answers === 0) return costOf(2000, answerTokens(perImage), prices) ?? 0;
    return costOf(inputTokens / answers, outputTokens / answers, prices) ?? 0;
  };
  const cost = () => costOf(inputTokens, outputTokens, prices) ?? 0;
  return {
    add(answer: Pick<NewAnswer, 'inputTokens' | 'outputTokens'>) {
      answers += 1;
      inputTokens += answer.inputTokens;
      outputTokens += answer.outputTokens;
    },
    allows: (more: number): boolean => maxCost === null || cost() + more * one() <= maxCost,
    limitReason: () =>
      `The limit of ${maxCost} is reached: ${cost().toFixed(4)} were spent, and one more question costs about ${one().toFixed(4)}.`,
  };
}
