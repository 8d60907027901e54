/**
 * @file A completion that came as a stream of events although it was asked for as one: some servers and gateways always
 * stream. The pieces are put together to the completion that they are pieces of.
 */
import { z } from 'zod';

const text = z.string().nullish().catch(undefined);
const chunkSchema = z.object({
  choices: z
    .array(
      z.object({
        delta: z.object({ content: text, reasoning_content: text, reasoning: text, refusal: text }).catch({}),
        finish_reason: text,
      }),
    )
    .catch([]),
  usage: z.unknown().optional(),
  error: z.unknown().optional(),
});

/** Whether a body is a stream of server-sent events. */
export const isStream = (body: string): boolean => /^(?:data|event|id|retry)?:/.test(body.trimStart());

/** The completion of a stream; one that ended without saying so counts as cut off. Undefined where nothing is in it. */
export function completionOfStream(body: string): unknown {
  const message = { content: '', reasoning: '', refusal: '' };
  let finish: string | null = null;
  let usage: unknown = null;
  let pieces = 0;
  let ended = false;
  for (const line of body.split(/\r\n|\n|\r/)) {
    const data = /^data: ?(.*)$/.exec(line)?.[1]?.trim();
    if (data === undefined || data === '') continue;
    if (data === '[DONE]') {
      ended = true;
      break;
    }
    const chunk = chunkSchema.safeParse(parsed(data));
    if (!chunk.success) continue;
    if (chunk.data.error) return { error: chunk.data.error };
    pieces += 1;
    usage = chunk.data.usage ?? usage;
    const [choice] = chunk.data.choices;
    if (!choice) continue;
    message.content += choice.delta.content ?? '';
    message.reasoning += choice.delta.reasoning_content ?? choice.delta.reasoning ?? '';
    message.refusal += choice.delta.refusal ?? '';
    finish = choice.finish_reason ?? finish;
  }
  if (pieces === 0) return undefined;
  return { choices: [{ message, finish_reason: finish ?? (ended ? 'stop' : 'length') }], usage };
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return null; // the connection ended in the middle of a piece
  }
}
