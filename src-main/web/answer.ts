/** @file Answers: security headers on each of them, and a WHATWG Response written to a node:http one. */
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Result } from '../contract/result.ts';

/** On every answer, whatever it is. The page has no inline script or style and talks to nobody but us. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; " +
    "worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** The envelope of an answer of the dispatcher. The status speaks of the transport: a call that ran is 200. */
export function resultResponse(result: Result<unknown>, headers = {}): Response {
  return Response.json(result, { headers: { 'Cache-Control': 'no-store', ...headers } });
}

/** Writes `response`; resolves when it has left or the reader has gone, and then the body is cancelled. */
export async function send(response: Response, to: ServerResponse, withBody: boolean): Promise<void> {
  to.statusCode = response.status;
  response.headers.forEach((value, name) => {
    to.setHeader(name, value);
  });
  for (const [name, value] of Object.entries(securityHeaders)) to.setHeader(name, value);
  if (!response.body || !withBody) {
    await response.body?.cancel();
    to.end();
    return;
  }
  try {
    await pipeline(Readable.fromWeb(response.body as import('node:stream/web').ReadableStream), to);
  } catch {
    // The reader left, or the file changed under us: the socket is closed, which tells the reader that it has not all.
    to.destroy();
  }
}

/** For a socket whose request node could not parse or wait for: there is no response object then. */
export function rawRefusal(status: 400 | 408 | 431): string {
  const reason = { 400: 'Bad Request', 408: 'Request Timeout', 431: 'Request Header Fields Too Large' }[status];
  const headers = Object.entries({ ...securityHeaders, Connection: 'close', 'Content-Length': '0' });
  return `HTTP/1.1 ${status} ${reason}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}
