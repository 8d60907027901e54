/**
 * @file The connection test of an endpoint, for the settings screen and `doctor`: what the server offers, and what the
 * model answers when it is shown a picture.
 */
import type { EndpointSpec } from '../../contract/pack.ts';
import { startBudget } from './budget.ts';
import { askChat, openClient, targetOf } from './client.ts';
import { quote, shownUrl, withoutKey } from './failures.ts';
import { readBody, readReply } from './reply.ts';

export type EndpointCheck = {
  readonly url: string;
  readonly model: string;
  /** Names of the server's models, or null where the server keeps no list. */
  readonly models: string[] | null;
  /** Whether the model is in that list; null without a list. Some servers answer for models that they do not list. */
  readonly listed: boolean | null;
  /** What the model said about the test picture, which is plain red. */
  readonly answer: string;
  /** Milliseconds of the chat request. */
  readonly milliseconds: number;
};

/** 64 x 64 pixels of plain red: larger than the smallest side that any of the families takes. */
export const testPicture =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAMAAACdt4HsAAAAA1BMVEX/AAAZ4gk3AAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAG0lEQVRYw+3BgQAAAADDoPlT3+AEVQEAAAB8AxBAAAEZszF2AAAAAElFTkSuQmCC';

/** Model names in a list of the OpenAI form {data: [{id}]}; null for any other body. */
function modelNames(body: unknown): string[] | null {
  const data = typeof body === 'object' && body !== null && 'data' in body ? body.data : null;
  if (!Array.isArray(data)) return null;
  const ids = data.map((entry: unknown) =>
    typeof entry === 'object' && entry !== null && 'id' in entry && typeof entry.id === 'string' ? entry.id : null,
  );
  return ids.filter((id) => id !== null).slice(0, 1000);
}

/**
 * Asks the server for its models (which it may not know) and the model for the colour of a picture.
 * @throws AppError `endpoint` when the chat fails, saying why; `cancelled`.
 */
export async function testEndpoint(
  spec: EndpointSpec,
  options: { signal?: AbortSignal; key?: string } = {},
): Promise<EndpointCheck> {
  const target = targetOf(spec, options.key);
  const budget = startBudget(target, spec.budget.maxSeconds, options.signal);
  try {
    budget.throwIfOver();
    const client = openClient(target);
    const listModels = async (): Promise<unknown> => await client.get('/models', { signal: budget.signal });
    let models: string[] | null = null;
    try {
      models = modelNames(readBody(await budget.race(listModels()), target));
    } catch {
      // A server without a list (or that is down) shows itself in the chat below, with a better message.
      budget.throwIfOver();
    }
    const started = performance.now();
    const messages = [
      {
        role: 'user' as const,
        content: [
          { type: 'image_url' as const, image_url: { url: testPicture } },
          { type: 'text' as const, text: 'Which colour is this picture? Answer with one word.' },
        ],
      },
    ];
    const reply = readReply(await askChat(client, target, budget, { messages, maxTokens: 256 }, () => {}), target);
    const said = [reply.content, reply.refusal, reply.reasoning].find((text) => text?.trim()) ?? '';
    return {
      url: shownUrl(spec.baseUrl),
      model: spec.model,
      models: models?.map((name) => withoutKey(name, target.key)) ?? null,
      listed: models?.includes(spec.model) ?? null,
      answer: said === '' ? '' : quote(said, target.key).slice(1, -1),
      milliseconds: performance.now() - started,
    };
  } finally {
    budget.end();
  }
}
