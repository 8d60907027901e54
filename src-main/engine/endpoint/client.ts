/**
 * @file Requests to an OpenAI-compatible server: one client, bounded answers, retries that fit the time budget.
 */
import { setTimeout } from 'node:timers/promises';
import OpenAI, { APIError } from 'openai';
import { AppError } from '../../contract/errors.ts';
import type { EndpointSpec } from '../../contract/pack.ts';
import type { Budget } from './budget.ts';
import { endpointError, type Target, toEndpointError } from './failures.ts';

export type ChatMessage = OpenAI.Chat.Completions.ChatCompletionMessageParam;
export type ChatRequest = { readonly messages: ChatMessage[]; readonly maxTokens: number };

/** An answer of 100 boxes is a few kB; a body beyond this is not an answer, and is not read into memory. */
const maxBodyBytes = 8 * 1024 * 1024;
const maxRetries = 2;
/** Busy, overloaded (529: Anthropic) or failing for the moment. */
const retried = new Set([408, 425, 429, 500, 502, 503, 504, 529]);

/** The spec's server, model and key. `endpoint` when the spec names a variable for the key that is not set. */
export function targetOf(spec: EndpointSpec, key: string | undefined): Target {
  const { baseUrl, model, keyVariable } = spec;
  const given = key ?? (keyVariable === undefined ? undefined : process.env[keyVariable]);
  const target = { baseUrl, model, key: given?.trim() || undefined };
  if (target.key === undefined && keyVariable !== undefined) {
    throw endpointError(
      target,
      'The key for this endpoint is missing',
      `Store the key for this endpoint, or set the environment variable ${keyVariable}.`,
    );
  }
  if (target.key !== undefined && !/^[\x21-\x7e]+$/.test(target.key)) {
    throw endpointError(
      target,
      'The key holds a space or a character that no request can carry',
      'Paste the key again, without anything around it.',
    );
  }
  return target;
}

/** `fetch` whose answer fails once it is larger than `maxBodyBytes`. */
function boundedFetch(target: Target): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (response.body === null) return response;
    let bytes = 0;
    const count = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        bytes += chunk.byteLength;
        if (bytes <= maxBodyBytes) controller.enqueue(chunk);
        else {
          const limit = `The server sent more than ${maxBodyBytes / 1024 / 1024} MiB`;
          controller.error(endpointError(target, limit, 'Check that the base URL is that of a chat API.'));
        }
      },
    });
    return new Response(response.body.pipeThrough(count), response);
  };
}

/** A client for one target. It takes nothing from OPENAI_* variables: those belong to another server. */
export function openClient(target: Target): OpenAI {
  return new OpenAI({
    baseURL: target.baseUrl,
    // The SDK insists on a key; without one the header is left out below.
    apiKey: target.key ?? 'none',
    organization: null,
    project: null,
    defaultHeaders: target.key === undefined ? { Authorization: null } : { Authorization: `Bearer ${target.key}` },
    maxRetries: 0,
    logLevel: 'off',
    fetch: boundedFetch(target),
  });
}

/** Milliseconds to wait before attempt number `attempt` + 1, or null when trying again is no use. */
function retryDelay(error: unknown, attempt: number): number | null {
  if (!(error instanceof APIError) || error.status === undefined || attempt >= maxRetries) return null;
  if (!retried.has(error.status) || error.code === 'insufficient_quota') return null;
  const after = error.headers?.get('retry-after') ?? '';
  const seconds = after === '' ? Number.NaN : Number(after);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const until = Date.parse(after) - Date.now();
  return Number.isFinite(until) ? Math.max(0, until) : 500 * 2 ** attempt;
}

/**
 * Runs one request, again after 429 and 5xx as often as the server and the budget allow. Throws `cancelled`, or
 * `endpoint` with what happened. `onWait` hears of each wait.
 */
export async function withRetries<T>(
  target: Target,
  budget: Budget,
  onWait: (text: string) => void,
  request: () => Promise<T>,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await budget.race(request());
    } catch (error) {
      budget.throwIfOver();
      const delay = retryDelay(error, attempt);
      const failure = toEndpointError(target, error);
      if (delay === null) throw failure;
      const wait = `${(delay / 1000).toFixed(1)} s`;
      if (delay >= budget.remaining()) {
        const hint = `The server asks to wait ${wait}, more than is left of the ${budget.seconds} s for a query: try again later.`;
        throw new AppError('endpoint', failure.message, { hint, cause: failure.cause });
      }
      onWait(`${failure.message}. Trying again in ${wait}.`);
      await budget.race(setTimeout(delay, undefined, { signal: budget.signal }));
    }
  }
}

/** The parameters that a server refused by name in a 400, e.g. "Unsupported parameter: 'max_tokens'". */
function refusedParameters(error: unknown): { maxTokens: boolean; temperature: boolean } {
  const text = error instanceof APIError && error.status === 400 ? `${error.param ?? ''} ${error.message}` : '';
  return { maxTokens: /\bmax_tokens\b.*max_completion_tokens/s.test(text), temperature: /\btemperature\b/.test(text) };
}

/**
 * One chat completion, as the server sent it. Greedy decoding and `max_tokens`, which all servers know; where one
 * refuses them by name (OpenAI's reasoning models do), its own names are used.
 */
export async function askChat(
  client: OpenAI,
  target: Target,
  budget: Budget,
  { messages, maxTokens }: ChatRequest,
  onWait: (text: string) => void,
): Promise<unknown> {
  let limit: { max_tokens: number } | { max_completion_tokens: number } = { max_tokens: maxTokens };
  let sampling: { temperature?: number } = { temperature: 0 };
  const send = async (): Promise<unknown> => {
    const body = { model: target.model, messages, stream: false as const, ...limit, ...sampling };
    // The budget's own clock ends the request; the SDK's must not be shorter.
    const timeout = Math.min(Math.ceil(budget.remaining()) + 60_000, 2 ** 31 - 1);
    return await client.chat.completions.create(body, { signal: budget.signal, timeout });
  };
  return await withRetries(target, budget, onWait, async () => {
    for (;;) {
      try {
        return await send();
      } catch (error) {
        const refused = refusedParameters(error);
        if (refused.maxTokens && 'max_tokens' in limit) limit = { max_completion_tokens: maxTokens };
        else if (refused.temperature && 'temperature' in sampling) sampling = {};
        else throw error;
      }
    }
  });
}
