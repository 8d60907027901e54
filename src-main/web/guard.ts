/**
 * @file Who may ask: each check returns the refusal, or null where the request may pass. The reasons are in
 * docs/web-host.md.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { errorResponse } from '../api/media.ts';

const forbidden = (status: number, message: string, hint: string, headers = {}) =>
  errorResponse({ code: 'forbidden', message, hint }, status, headers);

/** 256 random bits, in characters that a URL fragment and a cookie hold as they are. */
export const newSecret = () => randomBytes(32).toString('base64url');

/** Takes the same time wherever the first difference is: both sides are hashed to one length first. */
export function sameSecret(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** A name that an attacker points at 127.0.0.1 (DNS rebinding) arrives with that name in `Host`. */
export function checkHost(req: IncomingMessage, port: number): Response | null {
  const hosts = req.headersDistinct['host'] ?? [];
  // Browsers leave the usual port out.
  const suffix = port === 80 ? '(:80)?' : `:${port}`;
  if (hosts.length === 1 && new RegExp(`^(127\\.0\\.0\\.1|localhost)${suffix}$`, 'i').test(hosts[0]!)) return null;
  return forbidden(
    403,
    'This address is not served here.',
    `Open http://127.0.0.1:${port}. Through an SSH tunnel, use port ${port} on both sides.`,
  );
}

/** A browser names the page that asks wherever that could be another one; only pages of ours may. */
export function checkOrigin(req: IncomingMessage): Response | null {
  const { origin, host } = req.headers;
  if (origin === undefined || origin === `http://${host}`) return null;
  return forbidden(403, 'Another site may not use this application.', 'Use the page of the application itself.');
}

/**
 * A page on another port of this machine counts as the same site for cookies, and its <img> sends no `Origin`. Browsers
 * say so in `Sec-Fetch-Site`; `none` is an address that a person opened.
 */
export function checkFetchSite(req: IncomingMessage): Response | null {
  const site = req.headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return null;
  return forbidden(403, 'Another site may not use this application.', 'Use the page of the application itself.');
}

export type Secrets = {
  /** Opens everything, as `Authorization: Bearer`. */
  readonly token: string;
  /** Opens what cannot carry a header (event streams, pictures), as a cookie. Worth nothing as a token. */
  readonly session: string;
  /** Cookies do not tell ports apart, so two hosts on one machine need two names. */
  readonly cookie: string;
};

export function checkToken(req: IncomingMessage, { token, session, cookie }: Secrets, orCookie: boolean) {
  const bearer = /^Bearer ([\w-]+)$/i.exec(req.headers.authorization ?? '')?.[1];
  if (bearer !== undefined && sameSecret(bearer, token)) return null;
  if (orCookie) {
    for (const pair of (req.headers.cookie ?? '').split(';')) {
      const [name, value] = pair.trim().split('=');
      if (name === cookie && sameSecret(value ?? '', session)) return null;
    }
  }
  return forbidden(
    401,
    'The access token is missing or out of date.',
    'Open the address that "serve" printed when it started; it changes with every start.',
    { 'WWW-Authenticate': 'Bearer' },
  );
}

/** Forms of other sites can post without asking first, but never as JSON. */
export function checkJson(req: IncomingMessage): Response | null {
  const type = req.headers['content-type'] ?? '';
  const encoded = req.headers['content-encoding'] ?? 'identity';
  if (/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type) && encoded === 'identity') return null;
  return errorResponse(
    { code: 'bad-request', message: 'A call is JSON in UTF-8.', hint: 'Send it with Content-Type: application/json.' },
    415,
  );
}

/** The path, decoded; null where it is malformed or tries to leave its folder. */
export function decodePath(target: string): string | null {
  const [raw = ''] = target.split('?');
  let path: string;
  try {
    path = decodeURIComponent(raw);
  } catch {
    return null;
  }
  const hostile = !path.startsWith('/') || path.startsWith('//') || path.includes('\\') || path.includes('\0');
  return hostile || path.split('/').some((part) => part === '..' || part === '.') ? null : path;
}
