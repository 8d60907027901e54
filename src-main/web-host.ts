/**
 * @file The application for a browser on this machine, or at the other end of an SSH tunnel: the dispatcher, events,
 * pictures and the built page over HTTP on 127.0.0.1. See docs/web-host.md for the protocol and its safety.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorResponse, type ImageResolver } from './api/media.ts';
import type { App } from './compose.ts';
import { AppError } from './contract/errors.ts';
import { rawRefusal, send } from './web/answer.ts';
import { createCalls } from './web/calls.ts';
import { createEvents } from './web/events.ts';
import type { ExportResolver } from './web/exports.ts';
import { newSecret } from './web/guard.ts';
import { defaultLimits, type Limits } from './web/limits.ts';
import { route } from './web/routes.ts';

/** What the host needs of compose()'s application. */
export type HostedApp = Pick<App, 'dispatch' | 'images' | 'exports' | 'onEvent'>;

export type WebHostOptions = {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Letters, digits, "-" and "_"; random where absent. */
  readonly token?: string;
  /** Folder of the built page. */
  readonly files?: string;
  /** In place of the application's. */
  readonly images?: ImageResolver;
  readonly exports?: ExportResolver;
  readonly limits?: Partial<Limits>;
  /** Traces of bugs. */
  readonly log?: (line: string) => void;
};

export type WebHost = {
  /** Without the token. */
  readonly url: string;
  readonly token: string;
  /** An event for all pages; data is JSON. */
  publish(name: string, data: unknown): void;
  /** Cancels pending calls, ends event streams and stops listening. Leaves the application running. */
  close(): Promise<void>;
};

/** Errors: `bad-request` (token), `io` where the port cannot be had. */
export async function startWebHost(app: HostedApp, options: WebHostOptions = {}): Promise<WebHost> {
  const { port = 0, token = newSecret(), files, log = () => undefined } = options;
  const { images = app.images, exports = app.exports } = options;
  if (!/^[\w-]{16,}$/.test(token)) {
    throw new AppError('bad-request', 'A token has at least 16 letters, digits, "-" and "_".');
  }
  const limits = { ...defaultLimits, ...options.limits };
  const events = createEvents(limits);
  const calls = createCalls(app.dispatch, events, limits);
  let context: Parameters<typeof route>[1];
  let closing: Promise<void> | undefined;

  const refuse = async () => errorResponse({ code: 'cancelled', message: 'The application is closing.' });
  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const lost = new AbortController();
    res.on('close', () => !res.writableFinished && lost.abort());
    const response = await (closing ? refuse() : route(req, context, lost.signal)).catch((error: unknown) => {
      log(error instanceof Error ? (error.stack ?? error.message) : String(error));
      return errorResponse({ code: 'internal', message: 'The host failed to answer; its log says why.' });
    });
    await send(response, res, req.method !== 'HEAD');
  }

  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: Math.min(2000, limits.headersMs),
      // Checked by us, so that the answer carries our headers.
      requireHostHeader: false,
    },
    (req, res) => void answer(req, res),
  );
  // What a client expects before it sends its body makes no difference here.
  server.on('checkExpectation', (req, res) => void answer(req, res));
  server.maxConnections = limits.connections;
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return socket.destroy();
    const status = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400;
    socket.end(rawRefusal(status), () => socket.destroy());
  });
  const bound = await listen(server, port);
  const secrets = { token, session: newSecret(), cookie: `novo-${bound}` };
  context = { port: bound, secrets, calls, events, content: { images, exports, files, log } };

  const stopListening = app.onEvent((name, data) => events.publish(name, data));

  async function shutDown(): Promise<void> {
    stopListening();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    calls.cancelAll();
    events.close();
    const late = setTimeout(() => server.closeAllConnections(), limits.closeMs);
    await closed;
    clearTimeout(late);
  }
  return {
    url: `http://127.0.0.1:${bound}/`,
    token,
    publish: (name, data) => events.publish(name, data),
    close() {
      closing ??= shutDown();
      return closing;
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? `Port ${port} is in use, perhaps by this application in another window.`
          : error.code === 'EACCES'
            ? `This user may not use port ${port}.`
            : `Port ${port} cannot be used: ${error.message}`;
      const hint = 'End that program, or choose another port: --port N from 1024 to 65535, or --port 0 for a free one.';
      reject(new AppError('io', why, { hint, cause: error }));
    });
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
