/**
 * @file Queries that are meant to fail, and a check that the key shows up nowhere in what they leave behind.
 */
import { expect } from 'vitest';
import { AppError } from '../../src-main/contract/errors.ts';
import type { EndpointSpec } from '../../src-main/contract/pack.ts';
import { endpointSpecFor } from '../../src-main/engine/endpoint/conventions.ts';
import { type EndpointOptions, reasonWithEndpoint, type TraceStep } from '../../src-main/engine/endpoint/reason.ts';
import { type ChatServer, json, picture, type Reply, startServer } from './server.ts';

export const key = 'sk-very-secret-key';

/** The `AppError` with which a call fails. */
export async function failure(run: Promise<unknown>): Promise<AppError> {
  const error = await run.then(
    () => new Error('it succeeded'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
}

/** Asks `server` in thousandths, within `budget`, for something that it will not give. */
export async function failing(
  server: ChatServer,
  budget: Partial<EndpointSpec['budget']> = {},
  options: EndpointOptions = { key },
) {
  const spec = endpointSpecFor(server.baseUrl, 'served-model', { preset: 'qwen3-vl' });
  const trace: TraceStep[] = [];
  const started = performance.now();
  const error = await failure(
    reasonWithEndpoint({ ...spec, budget: { ...spec.budget, ...budget } }, picture(64, 48), 'the stool', {
      ...options,
      onTrace: (step) => trace.push(step),
    }),
  );
  expect(`${error.message} ${error.hint} ${error.cause} ${JSON.stringify(trace)}`).not.toContain(key);
  return { error, trace, milliseconds: performance.now() - started };
}

export const apiError = (message: string, status: number, headers?: Record<string, string>): Reply =>
  json({ error: { message, type: 'error', param: null, code: null } }, status, headers);

/** One server at a time: `start` closes the one before, `stop` belongs into `afterEach`. */
export function oneServer() {
  let server: ChatServer | undefined;
  const stop = async () => {
    await server?.close();
    server = undefined;
  };
  const start = async (...replies: Reply[]) => {
    await stop();
    server = await startServer(replies);
    return server;
  };
  return { start, stop };
}
