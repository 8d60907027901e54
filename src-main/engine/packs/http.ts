/**
 * @file Requests to servers that offer packs: which addresses are allowed, redirects, time limits, and errors that
 * say what the server did.
 */
import { AppError } from '../../contract/errors.ts';

const maxRedirects = 5;

/** A failure of the connection or the server, after which another attempt may succeed. */
export class Interrupted extends AppError {
  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super('io', message, options);
  }
}

export type RequestOptions = {
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
};

/**
 * The address, where it may be used: https, or http on this computer. Throws AppError 'bad-request'.
 * Weights are checked by hash, but a manifest is not, and it decides what is loaded.
 */
export function allowedUrl(text: string, base?: string): URL {
  const url = URL.canParse(text, base) ? new URL(text, base) : undefined;
  if (!url) throw new AppError('bad-request', `"${text}" is not a web address.`);
  if (url.username || url.password) {
    throw new AppError(
      'bad-request',
      `The address of ${url.host} holds a user name or password, which is not supported.`,
    );
  }
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLocal(url))) return url;
  throw new AppError('bad-request', `The address ${url.href} is not allowed.`, {
    hint: 'Use an https address; http is for servers on this computer only.',
  });
}

/**
 * A GET whose answer is any status but a redirect; redirects are followed, each to an allowed address only.
 * Throws Interrupted where the server cannot be reached, AppError 'io' for redirects that lead nowhere, 'bad-request'
 * for an address that is not allowed, and the signal's reason.
 */
export async function get(address: URL, options: RequestOptions = {}): Promise<Response> {
  let url = address;
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const response = await fetchOnce(url, options);
    if (![301, 302, 303, 307, 308].includes(response.status)) return response;
    await response.body?.cancel();
    const location = response.headers.get('location');
    if (!location) throw new AppError('io', `${url.href} redirects, and does not say where to.`);
    const next = allowedUrl(location, url.href);
    // A server elsewhere has no business with the services on this computer.
    if (isLocal(next) && !isLocal(url))
      throw new AppError('io', `${url.href} redirects to ${next.href}, on this computer.`);
    url = next;
  }
  throw new AppError('io', `${address.href} redirects more than ${maxRedirects} times.`);
}

async function fetchOnce(url: URL, { headers, signal }: RequestOptions): Promise<Response> {
  try {
    return await fetch(url, {
      // Ranges and lengths are those of the file only where it is sent as it is.
      headers: { 'accept-encoding': 'identity', ...headers },
      redirect: 'manual',
      signal: signal ?? null,
    });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new Interrupted(`${url.host} cannot be reached: ${networkReason(cause)}`, {
      hint: 'Check the connection. Behind a proxy, set HTTPS_PROXY and NODE_USE_ENV_PROXY=1.',
      cause,
    });
  }
}

/** The answer's body as text, of at most `maxBytes`. Throws as `get` does; a status other than 200 is an error. */
export async function getText(url: URL, maxBytes: number, signal?: AbortSignal): Promise<string> {
  const limit = AbortSignal.timeout(60_000);
  try {
    const response = await get(url, { signal: signal ? AbortSignal.any([signal, limit]) : limit });
    if (response.status !== 200) throw await statusError(url, response);
    const pieces: Uint8Array[] = [];
    let size = 0;
    for await (const piece of response.body ?? []) {
      size += piece.length;
      if (size > maxBytes)
        throw new AppError('io', `${url.href} sends more than ${maxBytes} bytes, too much for what it should be.`);
      pieces.push(piece);
    }
    return Buffer.concat(pieces).toString('utf8');
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof AppError) throw cause;
    const why = limit.aborted ? 'it took longer than a minute' : networkReason(cause);
    throw new AppError('io', `${url.href} could not be read: ${why}`, { cause });
  }
}

/** The error for a status that is not a success; the body is dropped. */
export async function statusError(url: URL, response: Response): Promise<AppError> {
  await response.body?.cancel();
  const status = `${response.status} ${response.statusText}`.trim();
  if (response.status === 404 || response.status === 410) {
    return new AppError('not-found', `${url.href} does not exist (${status}).`, {
      hint: 'The catalogue may be out of date.',
    });
  }
  if (response.status === 401 || response.status === 403) {
    return new AppError('forbidden', `${url.host} does not allow the download of ${url.href} (${status}).`);
  }
  const message = `${url.host} answered ${status} for ${url.href}.`;
  const hint = 'Try again later.';
  if (response.status >= 500 || response.status === 429) return new Interrupted(message, { hint });
  return new AppError('io', message, { hint });
}

/** What went wrong below HTTP; fetch itself says no more than "fetch failed". */
export function networkReason(thrown: unknown): string {
  const { message, cause } = thrown as Error;
  return cause instanceof Error && cause.message ? cause.message : message;
}

function isLocal(url: URL): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
}
