/**
 * @file From a request to its answer: what every request must pass, then one line a route.
 *
 *   POST /rpc/METHOD   a call: JSON in, Result out                           token
 *   POST /cancel/ID    cancels the call with this id                         token
 *   POST /session      the cookie for what cannot carry a header             token
 *   GET  /events       progress and events of the page named in ?client=     token or cookie
 *   GET  /media/ID     a picture                                             token or cookie
 *   GET  /exports/NAME an exported file                                      token or cookie
 *   GET  anything else the built page                                        open: it holds nothing of the user
 */
import type { IncomingMessage } from 'node:http';
import { errorResponse } from '../api/media.ts';
import { isId } from './active-calls.ts';
import { resultResponse } from './answer.ts';
import type { Calls } from './calls.ts';
import { type Content, serveContent } from './content.ts';
import type { Events } from './events.ts';
import { checkFetchSite, checkHost, checkJson, checkOrigin, checkToken, decodePath, type Secrets } from './guard.ts';

export type RouteContext = {
  readonly port: number;
  readonly secrets: Secrets;
  readonly calls: Calls;
  readonly events: Events;
  readonly content: Content;
};

/** `signal` aborts when the connection is lost. */
export async function route(req: IncomingMessage, context: RouteContext, signal: AbortSignal): Promise<Response> {
  const refused = checkHost(req, context.port) ?? checkOrigin(req);
  if (refused) return refused;
  const target = req.url ?? '';
  const path = decodePath(target);
  if (path === null) {
    return errorResponse({ code: 'bad-request', message: 'This address cannot be used.' });
  }
  const [, area = '', name = '', ...rest] = path.split('/');
  const id = rest.length === 0 ? name : '';
  switch (area) {
    case 'rpc':
    case 'cancel':
    case 'session': {
      const stopped = checkMethod(req, ['POST']) ?? checkFetchSite(req) ?? checkToken(req, context.secrets, false);
      const odd = stopped ?? checkJson(req);
      if (odd) return odd;
      if (area === 'rpc') return context.calls.call(id, req, signal);
      return area === 'cancel' ? context.calls.cancel(id) : session(context);
    }
    case 'events': {
      const stopped = checkMethod(req, ['GET']) ?? checkFetchSite(req) ?? checkToken(req, context.secrets, true);
      return stopped ?? events(req, context, contentUrl(target, context).searchParams.get('client') ?? '');
    }
    default: {
      // The page itself is open: it holds nothing of the user.
      const isPrivate = area === 'media' || area === 'exports';
      const stopped =
        checkMethod(req, ['GET', 'HEAD']) ??
        (isPrivate ? (checkFetchSite(req) ?? checkToken(req, context.secrets, true)) : null);
      return stopped ?? serveContent(contentRequest(req, contentUrl(target, context), signal), path, context.content);
    }
  }
}

function checkMethod(req: IncomingMessage, allowed: readonly string[]): Response | null {
  if (allowed.includes(req.method ?? '')) return null;
  const message = `This address answers ${allowed.join(' and ')} only.`;
  return errorResponse({ code: 'bad-request', message }, 405, { Allow: allowed.join(', ') });
}

function session({ secrets: { cookie, session } }: RouteContext): Response {
  return resultResponse(
    { ok: true, value: {} },
    { 'Set-Cookie': `${cookie}=${session}; HttpOnly; SameSite=Strict; Path=/` },
  );
}

function events(req: IncomingMessage, context: RouteContext, client: string): Response {
  if (!isId(client)) {
    const message = 'The event stream needs ?client=, up to 64 letters, digits, "-" and "_".';
    return errorResponse({ code: 'bad-request', message });
  }
  const lastId = req.headers['last-event-id'];
  const stream = context.events.open(client, typeof lastId === 'string' ? lastId : null);
  if (!stream) {
    const message = 'Too many pages are open.';
    return errorResponse({ code: 'bad-request', message, hint: 'Close some of them.' }, 429, { 'Retry-After': '10' });
  }
  return new Response(stream, { headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' } });
}

const contentUrl = (target: string, { port }: RouteContext) => new URL(`http://127.0.0.1:${port}${target}`);

function contentRequest(req: IncomingMessage, url: URL, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const name of ['range', 'if-range', 'if-none-match']) {
    const value = req.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  return new Request(url, { method: req.method ?? 'GET', headers, signal });
}
