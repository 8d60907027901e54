/**
 * @file What handlers work with, given once by compose(), and the state of the main side: the project that is open.
 */
import { AppError } from '../contract/errors.ts';
import type { Publish } from '../contract/events.ts';
import type { ScanResult } from '../contract/methods-project.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import type { Environment } from '../engine/packs/folders.ts';
import type { Project } from '../store/project.ts';
import type { Keeper } from '../store/settings.ts';
import type { FolderHandles } from './folders-handles.ts';
import type { Histories } from './history.ts';

/** Where secrets are kept: the OS keychain on the desktop; nowhere in other hosts, which say why. */
export type Keychain = {
  /** Why nothing can be kept here; null where it can. */
  readonly unavailable: string | null;
  get(name: string): string | null;
  /** Null takes the secret out. @throws AppError io. */
  set(name: string, value: string | null): void;
};

/** The reading of a project's folders of photos: one at a time. */
export type Scan = {
  /** Settles with the reading that is running; null while none does. */
  running: Promise<ScanResult> | null;
  /** Ends the round that is running. */
  round: AbortController | null;
  /** The folders are others than when the round began: it is done again. */
  again: boolean;
  /** Hear the number of files so far. */
  readonly listeners: Set<(files: number) => void>;
};

/** A project from opening to closing. */
export type Session = {
  /** Random, new with every opening. */
  readonly id: string;
  readonly project: Project;
  /** Number of changes so far; the last one that was published has this number. */
  seq: number;
  /** Steps of undo and redo, by image: `createHistories()` at the opening. */
  readonly histories: Histories;
  /** Aborted when the project is closed: whatever works on it ends. */
  readonly closing: AbortController;
  readonly scan: Scan;
};

export type Services = {
  readonly engine: EngineClient;
  readonly env: Environment;
  readonly keeper: Keeper;
  readonly keychain: Keychain;
  readonly publish: Publish;
  readonly log: (line: string) => void;
  readonly folders: FolderHandles;
  /** The folder of a handle that was given to a page. @throws AppError not-found. */
  readonly folderOf: (handle: string) => string;
  /** The only place that says which project is open; set by api/project-session.ts alone. */
  readonly open: Opened;
};

export type Opened = {
  session: Session | null;
  /** Opening and closing wait for each other. */
  turn: Promise<unknown>;
  /** The application is closing: nothing is opened any more. */
  ended: boolean;
};

/** The open project. @throws AppError not-found where there is none. */
export function openSession({ open }: Services): Session {
  if (open.session) return open.session;
  throw new AppError('not-found', 'No project is open.', { hint: 'Open one, or make one from a folder of photos.' });
}
