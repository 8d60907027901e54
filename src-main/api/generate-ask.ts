/**
 * @file One question with a picture to a chat model, for its words. Retries with back-off, and the time that a server
 * asks to wait, are the SDK's; parameters that a server refuses by name are left out from then on.
 */
import type OpenAI from 'openai';
import { APIError } from 'openai';
import { AppError } from '../contract/errors.ts';
import type { EndpointSpec } from '../contract/pack.ts';
import { answerSchema } from '../dataset/templates.ts';
import { startBudget } from '../engine/endpoint/budget.ts';
import { openClient, targetOf } from '../engine/endpoint/client.ts';
import { type Target, toEndpointError, withoutKey } from '../engine/endpoint/failures.ts';
import { readReply } from '../engine/endpoint/reply.ts';

export type Question = {
  readonly prompt: string;
  /** data: URL of the picture. */
  readonly picture: string;
  readonly temperature: number;
  readonly seed: number;
};

export type Answer = {
  readonly raw: string;
  readonly refusal: string | null;
  readonly cutOff: boolean;
  /** 0 where the server does not count. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly ms: number;
};

/**
 * A question without an answer. `stop`: the next one would fail alike (key, model, address); `again`: the server is busy,
 * away or slow; `never`: the server does not take this one.
 */
export class AskFailure extends Error {
  readonly kind: 'stop' | 'again' | 'never';
  readonly error: AppError;

  constructor(kind: AskFailure['kind'], error: AppError) {
    super(error.message, { cause: error });
    this.kind = kind;
    this.error = error;
  }
}

export type Ask = (question: Question, signal: AbortSignal) => Promise<Answer>;

/** How often the SDK tries again; it waits 0.5 s and doubles that, or as long as the server says, a minute at most. */
const maxRetries = 4;

type Optional = 'seed' | 'temperature' | 'response_format';

/** A function that asks. @throws AppError endpoint where the key is missing. */
export function createAsk(spec: EndpointSpec, key: string | undefined): Ask {
  const target = targetOf(spec, key);
  const client = openClient(target);
  const refused = new Set<Optional>();
  let limit: 'max_tokens' | 'max_completion_tokens' = 'max_tokens';

  async function send(question: Question, signal: AbortSignal, seconds: number): Promise<unknown> {
    const optional = { seed: question.seed, temperature: question.temperature, response_format: responseFormat };
    const sent = Object.fromEntries(Object.entries(optional).filter(([name]) => !refused.has(name as Optional)));
    const content: OpenAI.Chat.Completions.ChatCompletionContentPart[] = [
      { type: 'image_url', image_url: { url: question.picture } },
      { type: 'text', text: question.prompt },
    ];
    const body = {
      model: target.model,
      messages: [{ role: 'user' as const, content }],
      stream: false as const,
      [limit]: spec.budget.maxTokens,
      ...sent,
    };
    try {
      return await client.chat.completions.create(body, { signal, maxRetries, timeout: seconds * 1000 });
    } catch (error) {
      const names = refusedNames(error);
      if (names.includes('max_tokens') && limit === 'max_tokens') limit = 'max_completion_tokens';
      else {
        const news = optionalNames.filter((name) => names.includes(name) && !refused.has(name));
        if (news.length === 0) throw error;
        for (const name of news) refused.add(name);
      }
      return send(question, signal, seconds);
    }
  }

  return async (question, signal) => {
    const { maxSeconds } = spec.budget;
    const budget = startBudget(target, maxSeconds, signal);
    const started = performance.now();
    try {
      const reply = readReply(await budget.race(send(question, budget.signal, maxSeconds)), target);
      return {
        raw: withoutKey(reply.content.trim() === '' ? reply.reasoning : reply.content, target.key),
        refusal: reply.refusal,
        cutOff: reply.cutOff,
        inputTokens: Math.round(reply.promptTokens),
        outputTokens: Math.round(reply.completionTokens),
        ms: performance.now() - started,
      };
    } catch (error) {
      if (signal.aborted) throw new AppError('cancelled', 'The question was cancelled.');
      throw failureOf(target, error);
    } finally {
      budget.end();
    }
  };
}

const optionalNames: readonly Optional[] = ['seed', 'temperature', 'response_format'];
const responseFormat = { type: 'json_schema', json_schema: { name: 'queries', schema: answerSchema } } as const;

/** Parameters that a 400 or 422 speaks of by name. */
function refusedNames(error: unknown): string[] {
  if (!(error instanceof APIError) || (error.status !== 400 && error.status !== 422)) return [];
  const text = `${error.param ?? ''} ${error.message}`;
  const names: string[] = optionalNames.filter((name) => text.includes(name));
  if (/json_schema|structured output|guided/i.test(text)) names.push('response_format');
  if (/\bmax_tokens\b/.test(text) && text.includes('max_completion_tokens')) names.push('max_tokens');
  return names;
}

function failureOf(target: Target, error: unknown): AskFailure {
  const told = toEndpointError(target, error);
  const status = error instanceof APIError ? error.status : undefined;
  if (status === undefined) {
    // No answer, half of one, or none in time: it may be there in a moment.
    return new AskFailure('again', told);
  }
  if ([401, 402, 403, 404, 405].includes(status)) return new AskFailure('stop', told);
  if (error instanceof APIError && error.code === 'insufficient_quota') return new AskFailure('stop', told);
  return new AskFailure(status === 408 || status === 429 || status >= 500 ? 'again' : 'never', told);
}
