/** @file A running web host on the real application, and a client that can send what a browser would not. */
import { mkdtemp, rm } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { CallRecord } from '../../src-main/api/dispatcher.ts';
import { type App, compose } from '../../src-main/compose.ts';
import { forkEngine } from '../../src-main/engine/fork-port.ts';
import { startWebHost, type WebHost, type WebHostOptions } from '../../src-main/web-host.ts';

export type TestHost = WebHost & {
  readonly port: number;
  readonly app: App;
  /** One a call that the dispatcher has ended. */
  readonly records: CallRecord[];
  /** What the engine process was told. */
  readonly sent: string[];
  readonly logged: string[];
  rpc(method: string, input?: unknown, headers?: Record<string, string>, signal?: AbortSignal): Promise<Response>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
};

/** Ends with the test. The data folder is a new one; the engine is the real process, on the CPU. */
export async function host(options: WebHostOptions = {}): Promise<TestHost> {
  const home = await temporaryFolder();
  const env = { ...process.env, NOVO_HOME: home };
  const records: CallRecord[] = [];
  const sent: string[] = [];
  const logged: string[] = [];
  const app = compose({
    provider: 'cpu',
    threads: 1,
    env,
    onCall: (record) => records.push(record),
    spawnEngine: () => {
      const port = forkEngine(undefined, env);
      return {
        ...port,
        send: (message) => {
          sent.push(message.type === 'call' ? message.method : message.type);
          port.send(message);
        },
      };
    },
  });
  const started = await startWebHost(app, { log: (line) => logged.push(line), ...options });
  onTestFinished(async () => {
    await started.close();
    await app.close();
  });
  const authorised = { authorization: `Bearer ${started.token}` };
  return {
    ...started,
    port: Number(new URL(started.url).port),
    app,
    records,
    sent,
    logged,
    rpc: (method, input = {}, headers = {}, signal) =>
      fetch(`${started.url}rpc/${method}`, {
        method: 'POST',
        headers: { ...authorised, 'content-type': 'application/json', ...headers },
        body: typeof input === 'string' ? input : JSON.stringify(input),
        ...(signal ? { signal } : {}),
      }),
    get: (path, headers = {}) => fetch(started.url + path, { headers: { ...authorised, ...headers } }),
  };
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'novo-web-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The envelope of an answer, as loose as a test wants it. */
export async function envelope(answer: Response) {
  type Envelope = { ok: boolean; value: { pid: number }; error: { code: string; message: string } };
  return (await answer.json()) as Envelope;
}

export type RawAnswer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string };

/** A request with exactly this target and these headers: fetch would tidy both. */
export function raw(
  port: number,
  target: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const req = request({ host: '127.0.0.1', port, path: target, method, headers, agent: false }, (res) => {
      let text = '';
      res.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, body: text }));
    });
    req.on('error', reject);
    req.end(body);
  });
}

export type Received = { readonly id: string; readonly event: string; readonly data: unknown };

/** Reads a stream of events until `until` holds of one, or it ends; comments count as the event "comment". */
export async function readEvents(response: Response, until: (event: Received) => boolean): Promise<Received[]> {
  const found: Received[] = [];
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const block = text.slice(0, end);
      text = text.slice(end + 2);
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
      const event = {
        id: field('id') ?? '',
        event: block.startsWith(':') ? 'comment' : (field('event') ?? ''),
        data: JSON.parse(field('data') ?? 'null'),
      };
      found.push(event);
      // Leaving the loop cancels the stream: the connection is closed.
      if (until(event)) return found;
    }
  }
  return found;
}

/** Waits until `holds`, at most five seconds. */
export async function eventually(holds: () => boolean): Promise<void> {
  for (let k = 0; k < 250 && !holds(); k++) await new Promise((resolve) => setTimeout(resolve, 20));
  if (!holds()) throw new Error(`never came true: ${holds}`);
}

/** Everything that the connection says until it ends. */
export function talk(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    let said = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      said += chunk;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(said));
  });
}
