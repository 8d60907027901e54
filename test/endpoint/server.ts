/**
 * @file A chat server for tests: real HTTP, and as strict about requests as the real ones are.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import type { EndpointImage } from '../../src-main/engine/endpoint/reason.ts';

export type Seen = {
  model: string;
  maxTokens: number | undefined;
  maxCompletionTokens: number | undefined;
  temperature: number | undefined;
  authorization: string | undefined;
  /** Decoded size of the image of the first message. */
  image: { width: number; height: number; format: string };
  /** Mean colour of the left upper quarter: shows that the picture is the right one, upright. */
  corner: number[];
  /** [role, text] of each message. */
  turns: [string, string][];
  /** Milliseconds since the server started. */
  at: number;
};

/** Answers one request; a string is the content of an ordinary completion. */
export type Reply = string | ((response: ServerResponse, request: IncomingMessage) => void);

export type ChatServer = {
  baseUrl: string;
  seen: Seen[];
  /** Why a request was refused with 400, for the test to look at. */
  problems: string[];
  /** Connections that the client closed before they were answered. */
  dropped: number;
  close(): Promise<void>;
};

const usage = { prompt_tokens: 900, completion_tokens: 60, total_tokens: 960 };

/** The body of a chat completion, in the shape that vLLM and Ollama send. */
export function completion(message: Record<string, unknown>, finish = 'stop'): Record<string, unknown> {
  const choices = [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finish, logprobs: null }];
  return { id: 'chatcmpl-1', object: 'chat.completion', created: 1_760_000_000, model: 'served', choices, usage };
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Reply {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

type Part = { type: string; text?: string; image_url?: { url: string } };
type Body = {
  model?: string;
  max_tokens?: number;
  max_completion_tokens?: number;
  temperature?: number;
  messages?: { role: string; content: string | Part[] }[];
};

const textOf = (content: string | Part[]) =>
  typeof content === 'string' ? content : content.map((part) => part.text ?? '').join('|');

async function inspect(body: Body, request: IncomingMessage, at: number): Promise<Seen> {
  const messages = body.messages ?? [];
  const [first] = messages;
  if (first?.role !== 'user' || typeof first.content === 'string') throw new Error('the first message holds no image');
  if (messages.some((m, i) => m.role !== (i % 2 === 0 ? 'user' : 'assistant'))) throw new Error('roles must alternate');
  if (messages.some((m) => textOf(m.content) === '')) throw new Error('text content must be non-empty');
  const images = first.content.filter((part) => part.type === 'image_url');
  const match = /^data:image\/(jpeg|png);base64,([A-Za-z0-9+/]+={0,2})$/.exec(images[0]?.image_url?.url ?? '');
  if (images.length !== 1 || match === null) throw new Error('one image_url with a base64 data URL is needed');
  const bytes = Buffer.from(match[2]!, 'base64');
  const { width, height, format } = await sharp(bytes).metadata();
  if (format !== match[1]) throw new Error(`announced ${match[1]}, sent ${format}`);
  const quarter = await sharp(bytes)
    .extract({ left: 0, top: 0, width: Math.ceil(width / 4), height: Math.ceil(height / 4) })
    .png()
    .toBuffer();
  const { channels } = await sharp(quarter).stats();
  return {
    model: body.model ?? '',
    maxTokens: body.max_tokens,
    maxCompletionTokens: body.max_completion_tokens,
    temperature: body.temperature,
    authorization: request.headers.authorization,
    image: { width, height, format },
    corner: channels.map(({ mean }) => Math.round(mean)),
    turns: messages.map(({ role, content }) => [role, textOf(content)]),
    at,
  };
}

/** Starts a server that gives `replies` in order (the last one again and again). */
export async function startServer(replies: Reply[], models?: Reply): Promise<ChatServer> {
  const started = performance.now();
  let next = 0;
  const state: Omit<ChatServer, 'close' | 'baseUrl'> = { seen: [], problems: [], dropped: 0 };
  const answer = (reply: Reply | undefined, response: ServerResponse, request: IncomingMessage) => {
    const act =
      typeof reply === 'string' ? json(completion({ content: reply })) : (reply ?? json({ detail: 'Not Found' }, 404));
    (act as Exclude<Reply, string>)(response, request);
  };
  const server = createServer(async (request, response) => {
    response.on('close', () => {
      if (!response.writableEnded) state.dropped += 1;
    });
    if (request.url === '/v1/models') return answer(models, response, request);
    if (request.url !== '/v1/chat/completions' || request.method !== 'POST')
      return answer(undefined, response, request);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    try {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Body;
      state.seen.push(await inspect(body, request, performance.now() - started));
    } catch (error) {
      state.problems.push(String(error));
      return answer(json({ error: { message: String(error) } }, 400), response, request);
    }
    return answer(replies[Math.min(next++, replies.length - 1)], response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return Object.assign(state, {
    baseUrl,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

/** A picture whose left upper quarter is red and the rest blue, as the engine would hand it over. */
export function picture(width: number, height: number, mime: 'image/jpeg' | 'image/png' = 'image/jpeg'): EndpointImage {
  const red = {
    create: { width: Math.ceil(width / 3), height: Math.ceil(height / 3), channels: 3 as const, background: 'red' },
  };
  return {
    width,
    height,
    async encode(w, h) {
      const whole = await sharp({ create: { width, height, channels: 3, background: 'blue' } })
        .composite([{ input: await sharp(red).png().toBuffer(), left: 0, top: 0 }])
        .png()
        .toBuffer();
      const resized = sharp(whole).resize(w, h, { fit: 'fill' });
      return { data: await (mime === 'image/jpeg' ? resized.jpeg() : resized.png()).toBuffer(), mime };
    },
  };
}
