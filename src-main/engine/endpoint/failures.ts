/**
 * @file What went wrong at an endpoint, in words: what happened, to which URL and model, and what to do.
 */
import { APIConnectionError, APIError } from 'openai';
import { AppError } from '../../contract/errors.ts';

/** What a message must name and what it must not show. */
export type Target = { readonly baseUrl: string; readonly model: string; readonly key: string | undefined };

const quoted = 200;

/** The URL without user, password and query, which may carry keys. */
export function shownUrl(baseUrl: string): string {
  const { origin, pathname } = new URL(baseUrl);
  return `${origin}${pathname}`.replace(/\/$/, '');
}

/** Removes the key from a text that came from outside: servers echo it, and a model can be made to. */
export function withoutKey(text: string, key: string | undefined): string {
  return key === undefined || key.length < 4 ? text : text.replaceAll(key, '[key]');
}

/** The first 200 characters of an outside text on one line, in quotation marks. */
export function quote(text: string, key?: string): string {
  const line = withoutKey(text, key)
    .slice(0, 4 * quoted)
    .replaceAll(/\s+/g, ' ')
    .trim();
  return `"${line.length > quoted ? `${line.slice(0, quoted)}...` : line}"`;
}

export function endpointError(target: Target, what: string, hint: string, cause?: unknown): AppError {
  return new AppError('endpoint', `${what} (${shownUrl(target.baseUrl)}, model ${target.model})`, {
    hint,
    ...(cause === undefined ? {} : { cause: withoutSecrets(cause, target.key) }),
  });
}

/** A cause for the log: its kind and words only, because the SDK's errors carry headers and bodies. */
function withoutSecrets(cause: unknown, key: string | undefined): Error {
  return new Error(withoutKey(cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause), key));
}

/** The system's error code at the bottom of a chain of causes: ECONNREFUSED, ENOTFOUND, CERT_HAS_EXPIRED ... */
function systemCode(error: unknown): string {
  let code = '';
  for (let e = error, depth = 0; e instanceof Error && depth < 8; e = e.cause, depth++) {
    if ('code' in e && typeof e.code === 'string') code = e.code;
    if (e instanceof AggregateError && code === '') code = systemCode(e.errors[0]);
  }
  return code;
}

function connectionError(target: Target, error: unknown): AppError {
  const code = systemCode(error);
  const host = new URL(target.baseUrl).host;
  if (code === 'ECONNREFUSED') {
    return endpointError(
      target,
      `Nothing listens at ${host}`,
      'Start the model server, or correct the port in the base URL (Ollama 11434, LM Studio 1234, vLLM 8000, llama.cpp 8080).',
      error,
    );
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return endpointError(
      target,
      `The host ${host} was not found`,
      'Check the spelling of the base URL and the network connection.',
      error,
    );
  }
  if (/CERT|SSL|TLS|SELF_SIGNED|EPROTO|UNABLE_TO/.test(code)) {
    return endpointError(
      target,
      `No secure connection to ${host} (${code})`,
      'Use http:// for a server without TLS; for a private certificate set NODE_EXTRA_CA_CERTS to its file.',
      error,
    );
  }
  if (/TIMEDOUT|TIMEOUT/.test(code)) {
    return endpointError(
      target,
      `${host} did not answer in time (${code})`,
      'The server may be loading the model: try again, use a smaller model or image, and check that the host is reachable.',
      error,
    );
  }
  return endpointError(
    target,
    `The connection to ${host} broke${code === '' ? '' : ` (${code})`}`,
    "Look at the model server's own log: it may have crashed or run out of memory.",
    error,
  );
}

/** What the person can do about an HTTP status. */
function hintFor(status: number, body: string, target: Target): string {
  if (status === 401 || status === 403) {
    return target.key === undefined
      ? 'This server wants a key: store one for this endpoint, or name its environment variable.'
      : 'The key was refused: check that it is the right one for this server, and that it may use this model.';
  }
  if (status === 404) {
    return /model/i.test(body)
      ? `The server does not know this model: load it there first (for Ollama: ollama pull ${target.model}), or correct its name.`
      : 'The base URL usually ends in /v1; check it, and the name of the model.';
  }
  if (status === 405) return 'The base URL usually ends in /v1.';
  if (status === 413) return "Lower maxPixels in the endpoint's image rule: the image is too large for this server.";
  if (status === 429)
    return 'The server limits requests, or the account has no credit left: wait, or use another endpoint.';
  if (status === 400 || status === 422) {
    return 'If the message speaks of images or content, the model takes text only: choose a vision model.';
  }
  return "Look at the model server's own log; the model may not fit into its memory.";
}

/** Any error of a request as an `AppError` with the code `endpoint`. Cancelling and the time budget are not seen here. */
export function toEndpointError(target: Target, error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof APIError && error.status !== undefined) {
    const body = error.error === undefined ? error.message : (bodyMessage(error.error) ?? error.message);
    return endpointError(
      target,
      `The server answered ${error.status}: ${quote(body, target.key)}`,
      hintFor(error.status, body, target),
      error,
    );
  }
  if (error instanceof APIConnectionError || systemCode(error) !== '') return connectionError(target, error);
  if (error instanceof SyntaxError) {
    return endpointError(
      target,
      'The server announced JSON and sent something else',
      'Check that the base URL is that of an OpenAI-compatible API; a proxy may have cut the answer off.',
      error,
    );
  }
  return endpointError(
    target,
    `The request failed: ${quote(error instanceof Error ? error.message : String(error), target.key)}`,
    'Check the base URL and the server.',
    error,
  );
}

/** The human part of an error body: {"error": {"message"}}, {"error": "..."}, {"message"}, {"detail"}. */
export function bodyMessage(body: unknown, depth = 0): string | undefined {
  if (typeof body === 'string') return body;
  if (typeof body !== 'object' || body === null || depth > 3) return undefined;
  for (const key of ['message', 'error', 'detail']) {
    const inner = bodyMessage((body as Record<string, unknown>)[key], depth + 1);
    if (inner !== undefined) return inner;
  }
  return undefined;
}
