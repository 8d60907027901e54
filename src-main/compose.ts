/**
 * @file Builds the application: engine and handlers behind one dispatcher. Knows no host: Electron, the web host, the
 * command line and the tests all start here.
 */
import { type CallRecord, createDispatcher, type Dispatch } from './api/dispatcher.ts';
import { createHandlers } from './api/handlers.ts';
import type { ProviderChoice } from './contract/provider.ts';
import { createEngineClient, type EngineClient } from './engine/engine-client.ts';
import { forkEngine } from './engine/fork-port.ts';
import type { Environment } from './engine/packs/folders.ts';
import type { EnginePort } from './engine/protocol.ts';

/** 32 embeddings of SAM: the photos an annotator moves among, and small beside the models' own memory. */
const embeddingBytes = 128 * 2 ** 20;

export type AppOptions = {
  readonly provider?: ProviderChoice | undefined;
  readonly threads?: number | undefined;
  /** Read in place of the process's own variables where it has one of the same name; the engine gets both. */
  readonly env?: Environment;
  /** How the host starts the engine process; a plain fork by default. */
  readonly spawnEngine?: () => EnginePort;
  readonly onCall?: (record: CallRecord) => void;
  readonly log?: (line: string) => void;
};

export type App = { readonly dispatch: Dispatch; readonly engine: EngineClient; close(): void };

export function compose(options: AppOptions = {}): App {
  const { provider = 'auto', threads, onCall, log } = options;
  const env = { ...process.env, ...options.env };
  const { spawnEngine = () => forkEngine(undefined, env) } = options;
  const engine = createEngineClient({
    spawn: spawnEngine,
    settings: { provider, embeddingBytes, ...(threads === undefined ? {} : { threads }) },
    ...(log ? { log } : {}),
  });
  return { dispatch: createDispatcher(createHandlers(engine, env), onCall), engine, close: () => engine.close() };
}
