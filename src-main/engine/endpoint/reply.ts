/**
 * @file A chat completion as servers really send it -> the model's words. Checks every field: what comes over the wire
 * is only typed on paper.
 */
import { z } from 'zod';
import { bodyMessage, endpointError, quote, type Target } from './failures.ts';
import { completionOfStream, isStream } from './streamed.ts';

export type Reply = {
  readonly content: string;
  /** What the model thought, where the server sends it apart (`reasoning_content`: vLLM, DeepSeek; `reasoning`: Ollama). */
  readonly reasoning: string;
  /** Set when the model, or a filter before it, refused. */
  readonly refusal: string | null;
  /** The answer ended at the token limit. */
  readonly cutOff: boolean;
  readonly promptTokens: number;
  readonly completionTokens: number;
};

const text = z.string().nullish().catch(undefined);
const count = z.number().nonnegative().catch(0);
// A part of a content list is text, or an image and the like, which is passed over.
const part = z.union([
  z.string(),
  z.object({ text: z.string() }).transform((p) => p.text),
  z.unknown().transform(() => ''),
]);
const content = z
  .union([z.string(), z.array(part).transform((parts) => parts.join(''))])
  .nullish()
  .catch(undefined);
const completion = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({ content, reasoning_content: text, reasoning: text, refusal: text }),
        finish_reason: text,
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: count, completion_tokens: count }).nullish().catch(undefined),
});

/** A body that came as text: JSON under a wrong content type and a stream of events are taken, a web page or anything else is refused. */
function fromText(body: string, target: Target): unknown {
  const start = body.trimStart();
  if (/^<(!doctype|html|head|body|\?xml)/i.test(start)) {
    throw endpointError(
      target,
      'The server answered with a web page instead of JSON',
      'The base URL is that of a site or a log-in page: the one of the API usually ends in /v1.',
    );
  }
  const streamed = isStream(start) ? completionOfStream(start) : undefined;
  if (streamed !== undefined) return streamed;
  try {
    return JSON.parse(start);
  } catch {
    throw endpointError(
      target,
      `The server answered with something that is not JSON: ${quote(body, target.key)}`,
      'Check that the base URL is that of an OpenAI-compatible API; it usually ends in /v1.',
    );
  }
}

/** The body of any answer as a value; throws `endpoint` for a web page, no JSON, nothing at all, or an error in a 200. */
export function readBody(body: unknown, target: Target): unknown {
  const value = typeof body === 'string' && body.trim() !== '' ? fromText(body, target) : body;
  if (value === undefined || value === null || value === '') {
    throw endpointError(target, 'The server sent an empty answer', "Look at the model server's own log.");
  }
  const error = typeof value === 'object' && 'error' in value ? bodyMessage(value.error) : undefined;
  if (error !== undefined) {
    const hint = 'Check the base URL, the name of the model, and that it is a vision model.';
    throw endpointError(target, `The server reported an error: ${quote(error, target.key)}`, hint);
  }
  return value;
}

/** The first choice of a completion; throws `endpoint` when there is none. */
export function readReply(body: unknown, target: Target): Reply {
  const parsed = completion.safeParse(readBody(body, target));
  if (!parsed.success) {
    throw endpointError(
      target,
      'The server sent a completion without an answer in it (no choices)',
      "Check that the base URL is that of an OpenAI-compatible chat API, and look at the server's own log.",
    );
  }
  const { message, finish_reason } = parsed.data.choices[0]!;
  const filtered = finish_reason === 'content_filter' ? 'stopped by a content filter' : null;
  return {
    content: message.content ?? '',
    reasoning: message.reasoning_content ?? message.reasoning ?? '',
    refusal: message.refusal || filtered,
    // max_tokens and MAX_TOKENS: Anthropic's and Gemini's own words, which some gateways pass through.
    cutOff: /^(length|max_tokens)$/i.test(finish_reason ?? ''),
    promptTokens: parsed.data.usage?.prompt_tokens ?? 0,
    completionTokens: parsed.data.usage?.completion_tokens ?? 0,
  };
}
