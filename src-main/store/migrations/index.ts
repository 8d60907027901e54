/**
 * @file The list of migrations, and the one place that runs them. To add one: a file `NNNN-name.ts` with one function,
 * one line here. A migration that was released is never edited: projects on other machines have run it.
 */
import { AppError } from '../../contract/errors.ts';
import { type Db, transact } from '../statements.ts';
import { annotations } from './0001-annotations.ts';
import { models } from './0002-models.ts';
import { imageState } from './0003-image-state.ts';
import { generation } from './0004-generation.ts';
import { review } from './0005-review.ts';
import { runAnswer } from './0006-run-answer.ts';
import { selection } from './0007-selection.ts';
import { releases } from './0008-releases.ts';

export type Migration = { readonly version: number; readonly name: string; readonly migrate: (db: Db) => void };

export const migrations: readonly Migration[] = [
  { version: 1, name: 'annotations', migrate: annotations },
  { version: 2, name: 'models', migrate: models },
  { version: 3, name: 'image-state', migrate: imageState },
  { version: 4, name: 'generation', migrate: generation },
  { version: 5, name: 'review', migrate: review },
  { version: 6, name: 'run-answer', migrate: runAnswer },
  { version: 7, name: 'selection', migrate: selection },
  { version: 8, name: 'releases', migrate: releases },
];

/** The schema's version that this code writes. */
export const latestVersion = (list: readonly Migration[] = migrations): number => list.at(-1)?.version ?? 0;

export const schemaVersion = (db: Db): number => db.pragma('user_version', { simple: true }) as number;

/**
 * Throws AppError bad-project for a file that newer code has written: its records would be misread or lost.
 */
export function refuseNewer(db: Db, list: readonly Migration[] = migrations): void {
  const found = schemaVersion(db);
  if (found <= latestVersion(list)) return;
  throw new AppError(
    'bad-project',
    `${db.name} was written by a newer version of Novo Annotate (format ${found}; this one reads up to ${latestVersion(list)}).`,
    { hint: 'Install the newer version. The file was not touched.' },
  );
}

/** Brings the schema up to date: all missing migrations in one transaction, so that there is no half-way. */
export function migrate(db: Db, list: readonly Migration[] = migrations): void {
  for (const [index, { version, name }] of list.entries()) {
    if (version !== index + 1) throw new Error(`migration ${name} has number ${version} in place ${index + 1}`);
  }
  refuseNewer(db, list);
  transact(db, () => {
    for (const { version, migrate: step } of list.slice(schemaVersion(db))) {
      step(db);
      db.pragma(`user_version = ${version}`);
    }
  });
}
