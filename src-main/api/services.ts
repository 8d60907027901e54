/**
 * @file What handlers work with, given once by compose(), and the state of the main side: the project that is open.
 */
import { AppError } from '../contract/errors.ts';
import type { Publish } from '../contract/events.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import type { Environment } from '../engine/packs/folders.ts';
import type { Project } from '../store/project.ts';
import type { Keeper } from '../store/settings.ts';
import type { Histories } from './history.ts';

/** Where secrets are kept: the OS keychain on the desktop; nowhere in other hosts, which say why. */
export type Keychain = {
  /** Why nothing can be kept here; null where it can. */
  readonly unavailable: string | null;
  get(name: string): string | null;
  /** Null takes the secret out. @throws AppError io. */
  set(name: string, value: string | null): void;
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
};

export type Services = {
  readonly engine: EngineClient;
  readonly env: Environment;
  readonly keeper: Keeper;
  readonly keychain: Keychain;
  readonly publish: Publish;
  /** The folder of a handle that was given to a page. @throws AppError not-found. */
  readonly folderOf: (handle: string) => string;
  /** The only place that says which project is open; set by api/project-session.ts alone. */
  readonly open: { session: Session | null };
};

/** The open project. @throws AppError not-found where there is none. */
export function openSession({ open }: Services): Session {
  if (open.session) return open.session;
  throw new AppError('not-found', 'No project is open.', { hint: 'Open one, or make one from a folder of photos.' });
}
