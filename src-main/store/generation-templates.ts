/** @file Templates of prompts in a project. A version that was stored is never changed: queries say which one made them. */
import type { TemplateText } from '../contract/generate.ts';
import type { Actor } from '../contract/records.ts';
import { addEvent } from './events.ts';
import { all, type Db, get, type Row, run, transact } from './statements.ts';

export type StoredTemplate = TemplateText & {
  readonly id: number;
  readonly version: number;
  readonly at: number;
  readonly who: string;
};

/** The newest version of each template, by name. */
export const newestTemplates = (db: Db): StoredTemplate[] =>
  all<Row>(
    db,
    `SELECT * FROM prompt_template AS t
     WHERE version = (SELECT max(version) FROM prompt_template WHERE name = t.name) ORDER BY name`,
  ).map(toTemplate);

/** All versions of a template, newest first. */
export const templateVersions = (db: Db, name: string): StoredTemplate[] =>
  all<Row>(db, 'SELECT * FROM prompt_template WHERE name = ? ORDER BY version DESC', name).map(toTemplate);

export function findTemplate(db: Db, id: number): StoredTemplate | undefined {
  const row = get<Row>(db, 'SELECT * FROM prompt_template WHERE id = ?', id);
  return row && toTemplate(row);
}

/** Stores a template as the next version of its name; where the newest one says the same, that one is answered. */
export function saveTemplate(db: Db, text: TemplateText, actor: Actor): StoredTemplate {
  return transact(db, () => {
    const newest = templateVersions(db, text.name)[0];
    if (newest && isSame(newest, text)) return newest;
    const { name, title, reasoningType, form, body } = text;
    const insert = `INSERT INTO prompt_template (name, version, title, reasoning_type, form, body, at, who)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING *`;
    const values = [name, (newest?.version ?? 0) + 1, title, reasoningType, form, body, Date.now(), actor.who ?? ''];
    const row = get<Row>(db, insert, ...values)!;
    addEvent(db, { who: actor.who ?? '', what: 'template.save', clicks: 0, strokes: 0, ms: 0 });
    return toTemplate(row);
  });
}

/** Whether two templates say the same to a model and to a query. */
export const isSame = (a: TemplateText, b: TemplateText): boolean =>
  a.body === b.body && a.title === b.title && a.form === b.form && a.reasoningType === b.reasoningType;

/** Captions in place of those that the images had. */
export function putCaptions(db: Db, captions: ReadonlyMap<number, readonly string[]>, actor: Actor): number {
  return transact(db, () => {
    let count = 0;
    for (const [imageId, texts] of captions) {
      run(db, 'DELETE FROM image_caption WHERE image_id = ?', imageId);
      for (const text of texts) run(db, 'INSERT INTO image_caption (image_id, text) VALUES (?, ?)', imageId, text);
      count += texts.length;
    }
    addEvent(db, { who: actor.who ?? '', what: 'captions.add', clicks: 0, strokes: 0, ms: 0 });
    return count;
  });
}

export const captionsOf = (db: Db, imageId: number): string[] =>
  all<{ text: string }>(db, 'SELECT text FROM image_caption WHERE image_id = ? ORDER BY id', imageId).map(
    ({ text }) => text,
  );

const toTemplate = ({ reasoning_type, ...row }: Row): StoredTemplate =>
  ({ ...row, reasoningType: reasoning_type }) as unknown as StoredTemplate;
