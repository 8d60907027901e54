/**
 * @file Builds the application: engine, project and handlers behind one dispatcher. Knows no host: Electron, the web
 * host, the command line and the tests all start here.
 */
import { type CallRecord, createDispatcher, type Dispatch } from './api/dispatcher.ts';
import { exportFile } from './api/export-file.ts';
import { grantFolder } from './api/folders.ts';
import { createFolderHandles } from './api/folders-handles.ts';
import { createHandlers } from './api/handlers.ts';
import { imageResolver } from './api/images-files.ts';
import type { ImageResolver } from './api/media.ts';
import { createEvents, type OnEvent } from './api/project-events.ts';
import { endSessions } from './api/project-session.ts';
import type { Keychain, Services } from './api/services.ts';
import type { ProviderChoice } from './contract/provider.ts';
import { createEngineClient, type EngineClient } from './engine/engine-client.ts';
import { forkEngine } from './engine/fork-port.ts';
import { dataFolder, type Environment } from './engine/packs/folders.ts';
import type { EnginePort } from './engine/protocol.ts';
import { fileKeeper } from './store/keeper.ts';
import type { Keeper } from './store/settings.ts';

/** 32 embeddings of SAM: the photos an annotator moves among, and small beside the models' own memory. */
const embeddingBytes = 128 * 2 ** 20;

export type AppOptions = {
  readonly provider?: ProviderChoice | undefined;
  readonly threads?: number | undefined;
  /** Read in place of the process's own variables where it has one of the same name; the engine gets both. */
  readonly env?: Environment;
  /** How the host starts the engine process; a plain fork by default. */
  readonly spawnEngine?: () => EnginePort;
  /** Where settings are kept; by default a file of this user, which is opened when the first one is needed. */
  readonly keeper?: Keeper;
  /** Where keys are kept; without one they come from the environment only. */
  readonly keychain?: Keychain;
  readonly onCall?: (record: CallRecord) => void;
  readonly log?: (line: string) => void;
};

export type App = {
  readonly dispatch: Dispatch;
  readonly engine: EngineClient;
  /** Every event for pages. Answers the function that stops it. */
  readonly onEvent: OnEvent;
  /** The file of an image of the open project, for `serveMedia`. */
  readonly images: ImageResolver;
  /** A file that the open project was exported to, by its plain name; null where there is none. */
  readonly exports: (name: string) => Promise<string | null>;
  /**
   * The handle of a folder that the user has chosen outside the page: in a native dialog, or by dropping it.
   * @throws AppError not-found for what is no folder.
   */
  readonly grantFolder: (path: string) => Promise<string>;
  /** Ends the engine and closes the project; everything that was acknowledged is on disk before. Safe to call twice. */
  close(): Promise<void>;
};

const noKeychain: Keychain = {
  unavailable: 'Only the desktop application can use the keychain of the system.',
  get: () => null,
  set: () => undefined,
};

export function compose(options: AppOptions = {}): App {
  const { provider = 'auto', threads, onCall, log = () => undefined, keychain = noKeychain } = options;
  const env = { ...process.env, ...options.env };
  const { spawnEngine = () => forkEngine(undefined, env), keeper = fileKeeper(dataFolder(env)) } = options;
  const { publish, onEvent } = createEvents();
  const engine = createEngineClient({
    spawn: spawnEngine,
    settings: { provider, embeddingBytes, ...(threads === undefined ? {} : { threads }) },
    onState: (state, message) => publish('engine.state', { state, message }),
    log,
  });
  const folders = createFolderHandles();
  const services: Services = {
    engine,
    env,
    keeper,
    keychain,
    publish,
    log,
    folders,
    folderOf: folders.folderOf,
    open: { session: null, turn: Promise.resolve(), ended: false },
  };
  return {
    dispatch: createDispatcher(createHandlers(services), onCall),
    engine,
    onEvent,
    images: imageResolver(services),
    exports: async (name) => {
      const { session } = services.open;
      return session ? exportFile(session.project.folder, name) : null;
    },
    grantFolder: (path) => grantFolder(folders, path),
    close() {
      engine.close();
      return endSessions(services);
    },
  };
}
