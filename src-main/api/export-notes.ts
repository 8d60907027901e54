/** @file What a person should know of an export, in sentences. */
import { type ExportFidelity, profileFacts } from '../contract/export-profiles.ts';
import type { ExportReport } from '../formats/export/context.ts';
import { listed } from '../formats/export/losses.ts';
import { countImages } from '../store/images.ts';
import type { Db } from '../store/statements.ts';
import type { ProjectSource } from './export-source.ts';

/** @param db what was exported; @param source where its file names come from. */
export function exportNotes(report: ExportReport, db: Db, { base, alike }: ProjectSource): string[] {
  const { photos } = profileFacts[report.profile];
  const notes: string[] = [];
  if (report.profile !== 'yolo-seg') {
    notes.push(`file_name is relative to ${base ?? 'the folders that hold the folders of photos'}.`);
  }
  const exactness = fidelityNote(report.fidelity);
  if (exactness !== null) notes.push(exactness);
  const away = countImages(db, { file: 'missing' }) + countImages(db, { file: 'changed' });
  if (away > 0 && !photos) {
    notes.push(`${away} of the photos are missing or changed: the check of the project names them.`);
  }
  notes.push(...report.losses.map(({ text }) => text));
  const { same, capitals } = alike();
  if (same.length > 0) {
    notes.push(`File names that two photos have, one of which is missing: ${listed(same)}.`);
  }
  if (capitals.length > 0) {
    notes.push(`File names that differ in capitals only, one file on Windows and macOS: ${listed(capitals)}.`);
  }
  return notes;
}

/** null where all masks are exact, which goes without saying. */
function fidelityNote({ masks, exact, worst, mean }: ExportFidelity): string | null {
  if (exact === masks) return null;
  const digits = (value: number) => (Math.floor(value * 1000) / 1000).toFixed(3);
  return `${masks - exact} of ${masks} masks are not exact: IoU with the project ${digits(mean)} on average, ${digits(worst)} at worst.`;
}
