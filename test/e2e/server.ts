/** @file The web host as a process of its own, with a home of its own: what a person starts, and what can be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Input, MethodName, Output } from '../../src-main/contract/api.ts';
import type { Result } from '../../src-main/contract/result.ts';
import { unwrap } from '../../src-main/contract/result.ts';

const cli = join(import.meta.dirname, '../../src-main/cli.ts');

export type Server = {
  /** With the token, as it is printed. */
  readonly address: string;
  readonly url: string;
  readonly child: ChildProcess;
  /** A call as a page makes it. @throws AppError as the application answered. */
  call<M extends MethodName>(method: M, input: Input<M>, signal?: AbortSignal): Promise<Output<M>>;
  /** What it said on stderr. */
  log(): string;
  /** SIGKILL by default; resolves when the process is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
};

export type ServerOptions = {
  readonly env?: NodeJS.ProcessEnv;
  /** 0 takes a free one; that of a host that has ended is where its pages look for it. */
  readonly port?: number;
  /** Numeric id of the user that it runs as, for tests that root runs and that need refusals; `home` becomes theirs. */
  readonly user?: number | undefined;
};

/** @param home NOVO_HOME and HOME of the process: projects, settings and what a folder chooser starts with. */
export async function startServer(home: string, { env, port = 0, user }: ServerOptions = {}): Promise<Server> {
  if (user !== undefined) await chown(home, user, user);
  const child = spawn(process.execPath, [cli, 'serve', '--port', String(port)], {
    ...(user === undefined ? {} : { uid: user, gid: user }),
    env: { ...process.env, NOVO_PROVIDER: 'cpu', ...env, NOVO_HOME: join(home, 'novo'), HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const address = await new Promise<string>((resolve, reject) => {
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      if (out.includes('\n')) resolve(out.trim());
    });
    child.once('exit', (code) => reject(new Error(`serve ended with ${code}: ${log}`)));
  });
  const { origin, hash } = new URL(address);
  const token = new URLSearchParams(hash.slice(1)).get('token')!;
  const gone = once(child, 'exit');
  return {
    address,
    url: `${origin}/`,
    child,
    async call(method, input, signal) {
      const answer = await fetch(`${origin}/rpc/${method}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(input),
        ...(signal ? { signal } : {}),
      });
      return unwrap((await answer.json()) as Result<Output<typeof method>>);
    },
    log: () => log,
    async kill(signal = 'SIGKILL') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await gone;
    },
  };
}

/** A folder that is gone when `remove` was called. */
export async function temporary(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'novo-e2e-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }) };
}

/** The handle of a folder of the home that the host itself hands out: the way a page goes. */
export async function folderHandle(server: Server, name: string): Promise<string> {
  const start = await server.call('folders.list', {});
  const home = start.places[0]!;
  const { folders } = await server.call('folders.list', { handle: home.handle });
  const found = folders.find((folder) => folder.name === name);
  if (!found) throw new Error(`${home.name} has no folder ${name}, but ${folders.map((f) => f.name).join(', ')}`);
  return found.handle;
}

/** Makes the endpoint `chat` of a server on this machine that answers with boxes, as relative numbers up to 1000. */
export const saveChat = (server: Server, baseUrl: string) =>
  server.call('endpoints.save', {
    id: 'chat',
    title: 'Chat',
    endpoint: {
      baseUrl,
      model: 'served',
      coordinates: { space: 'relative', scale: 1000, order: 'xy', boxForm: 'xyxy' },
      imageRule: { multipleOf: 1, minPixels: 1, maxPixels: 1_000_000 },
      budget: { maxTokens: 500, maxRounds: 2, maxSeconds: 30 },
    },
  });
