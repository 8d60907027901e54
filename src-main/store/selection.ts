/**
 * @file What was decided of the images of a COCO file: which file, how the choosing stands, keep or drop. Images and
 * classes are named by their ids in the file, as texts.
 */
import { resolve } from 'node:path';
import { type Actor, actorSchema } from '../contract/records.ts';
import { type SelectionSettings, selectionSettingsSchema } from '../contract/selection.ts';
import { addEvent } from './events.ts';
import type { Project } from './project.ts';
import { relativeTo } from './roots.ts';
import { all, type Db, get, type Row, run, transact } from './statements.ts';

type Place = Pick<Project, 'folder' | 'db'>;

export type SelectionSource = {
  readonly id: number;
  /** Absolute paths, each with the same relative to the project, which is tried first; null on another drive. */
  readonly coco: { readonly relative: string | null; readonly absolute: string };
  readonly photos: { readonly relative: string | null; readonly absolute: string };
  readonly settings: SelectionSettings;
};

export type StoredChoice = {
  readonly image: string;
  readonly verdict: 'keep' | 'drop';
  readonly by: 'hand' | 'fill';
  readonly category: string | null;
};

/** The file that was opened last; null where none ever was. */
export function currentSource(db: Db): SelectionSource | null {
  const row = get(db, 'SELECT * FROM selection_source ORDER BY opened DESC LIMIT 1');
  return row ? toSource(row) : null;
}

/** Makes a file with its photos the current one. One that was open before has its choices still. */
export function openSource(project: Place, coco: string, photos: string): SelectionSource {
  const { db, folder } = project;
  return transact(db, () => {
    const opened = 1 + (get<{ n: number }>(db, 'SELECT ifnull(max(opened), 0) AS n FROM selection_source')?.n ?? 0);
    const known = get<{ id: number }>(
      db,
      'SELECT id FROM selection_source WHERE coco = ? AND photos = ?',
      coco,
      photos,
    );
    if (known) run(db, 'UPDATE selection_source SET opened = ? WHERE id = ?', opened, known.id);
    else {
      run(
        db,
        `INSERT INTO selection_source (coco_relative, coco, photos_relative, photos, settings, opened)
         VALUES (?, ?, ?, ?, ?, ?)`,
        ...[relativeTo(folder, coco), coco, relativeTo(folder, photos), photos],
        JSON.stringify(selectionSettingsSchema.parse({})),
        opened,
      );
    }
    return currentSource(db)!;
  });
}

/** Where a file or folder of the source may be, the likelier place first. */
export const placesOf = ({ folder }: Pick<Project, 'folder'>, place: SelectionSource['coco']): string[] =>
  place.relative === null ? [place.absolute] : [resolve(folder, ...place.relative.split('/')), place.absolute];

export function keepSettings(db: Db, sourceId: number, settings: SelectionSettings): void {
  transact(db, () =>
    run(db, 'UPDATE selection_source SET settings = ? WHERE id = ?', JSON.stringify(settings), sourceId),
  );
}

export const listChoices = (db: Db, sourceId: number): StoredChoice[] =>
  all<StoredChoice>(
    db,
    'SELECT image, verdict, made_by AS "by", category FROM selection_choice WHERE source_id = ? ORDER BY image',
    sourceId,
  );

/** Puts choices, or takes back those of `undecided`; one event for all of them. @param what noun.verb of the event. */
export function putChoices(
  db: Db,
  sourceId: number,
  { choices, undecided }: { choices: readonly StoredChoice[]; undecided: readonly string[] },
  what: string,
  actor: Actor,
): void {
  transact(db, () => {
    for (const image of undecided) {
      run(db, 'DELETE FROM selection_choice WHERE source_id = ? AND image = ?', sourceId, image);
    }
    for (const { image, verdict, by, category } of choices) {
      run(
        db,
        `INSERT INTO selection_choice (source_id, image, verdict, made_by, category) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET verdict = excluded.verdict, made_by = excluded.made_by, category = excluded.category`,
        ...[sourceId, image, verdict, by, category],
      );
    }
    addEvent(db, { ...actorSchema.parse(actor), what });
  });
}

/** A source that an older version wrote keeps what can still be read of its settings. */
function toSource(row: Row): SelectionSource {
  const parsed = selectionSettingsSchema.safeParse(JSON.parse(String(row['settings'])));
  const place = (name: string) => ({ relative: row[`${name}_relative`] as string | null, absolute: String(row[name]) });
  return {
    id: Number(row['id']),
    coco: place('coco'),
    photos: place('photos'),
    settings: parsed.success ? parsed.data : selectionSettingsSchema.parse({}),
  };
}
