/** @file A real server on this computer that offers files, and misbehaves on request. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';
import { sha256 } from './sample.ts';

export type Served = {
  /** Path -> content; read at each request, so a test can change it. */
  files: Record<string, Uint8Array>;
  ranges: boolean;
  etag: 'strong' | 'weak' | 'none';
  /** Ends the connection after so many bytes of a body; used once each, in turn. */
  dropAfter: number[];
  /** In place of the answer below, for requests it returns true for. */
  instead: (path: string, request: IncomingMessage, response: ServerResponse) => boolean;
  /** `GET /path [range]` of every request so far. */
  log: string[];
};

const stop: (() => void)[] = [];
afterEach(() => {
  for (const each of stop.splice(0)) each();
});

export async function serve(files: Record<string, Uint8Array>): Promise<Served & { url: string }> {
  const served: Served = { files, ranges: true, etag: 'strong', dropAfter: [], instead: () => false, log: [] };
  const server = createServer((request, response) => answer(served, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stop.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return Object.assign(served, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

function answer(served: Served, request: IncomingMessage, response: ServerResponse): void {
  const path = request.url!;
  const { range } = request.headers;
  served.log.push(`${path}${range ? ` ${range}` : ''}`);
  if (served.instead(path, request, response)) return;
  const content = served.files[path];
  if (!content) {
    response.writeHead(404).end('no such file');
    return;
  }
  const tag = `"${sha256(content).slice(0, 12)}"`;
  if (served.etag !== 'none') response.setHeader('etag', served.etag === 'weak' ? `W/${tag}` : tag);
  const condition = request.headers['if-range'];
  const start =
    served.ranges && range && (!condition || condition === tag) ? Number(/=(\d+)-/.exec(range)![1]) : undefined;
  if (start !== undefined && start >= content.length) {
    response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
    return;
  }
  const body = content.subarray(start ?? 0);
  response.setHeader('content-length', body.length);
  if (start !== undefined) {
    response.writeHead(206, { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` });
  }
  const drop = path.endsWith('.json') ? undefined : served.dropAfter.shift();
  if (drop === undefined) response.end(body);
  // The pause lets the client take what was sent before the connection ends.
  else response.write(body.subarray(0, drop), () => setTimeout(() => response.destroy(), 50));
}
