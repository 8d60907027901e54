/** @file What a person should know of an export, in sentences. */
import type { CocoReport } from '../formats/coco/source.ts';
import { countImages } from '../store/images.ts';
import type { Db } from '../store/statements.ts';
import type { ProjectSource } from './export-source.ts';

/** Entries of a list that are named. */
const named = 10;

/** @param db what was exported; @param source where its file names come from. */
export function exportNotes({ leftOut, emptied }: CocoReport, db: Db, { base, alike }: ProjectSource): string[] {
  const notes = [`file_name is relative to ${base ?? 'the folders that hold the folders of photos'}.`];
  const away = countImages(db, { file: 'missing' }) + countImages(db, { file: 'changed' });
  if (away > 0) notes.push(`${away} of the photos are missing or changed: the check of the project names them.`);
  if (leftOut.length > 0) {
    const masks = leftOut.map(({ instanceId, imageId }) => `${instanceId} of image ${imageId}`);
    notes.push(`Instances left out because they have no pixel: ${list(masks)}.`);
  }
  if (emptied.length > 0) notes.push(`Queries without an instance for that: ${list(emptied)}.`);
  const { same, capitals } = alike();
  if (same.length > 0) {
    notes.push(`File names that two photos have, one of which is missing: ${list(same)}.`);
  }
  if (capitals.length > 0) {
    notes.push(`File names that differ in capitals only, one file on Windows and macOS: ${list(capitals)}.`);
  }
  return notes;
}

function list(items: readonly (string | number)[]): string {
  const rest = items.length - named;
  return items.slice(0, named).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
