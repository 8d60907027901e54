/** @file Exports of the small project that has every kind of mask, into a folder of their own. */
import { join } from 'node:path';
import type { ExportProfile } from '../../../src-main/contract/export-profiles.ts';
import type { ExportOptions, ExportReport, ExportSource } from '../../../src-main/formats/export/context.ts';
import { exportProfile } from '../../../src-main/formats/profiles.ts';
import { everything, type Records, sourceOf, temporary } from '../coco/project.ts';

export type Exported = { readonly report: ExportReport; readonly target: string };

export async function tryExport(
  profile: ExportProfile,
  options: ExportOptions = {},
  records: Records = everything(),
  photo: ExportSource['photo'] = () => null,
): Promise<Exported> {
  const target = join(await temporary(), 'out');
  const report = await exportProfile(profile, { ...sourceOf(records), photo }, target, options);
  return { report, target };
}

/** Kind of each loss with its count. */
export const lost = ({ losses }: ExportReport): Record<string, number> =>
  Object.fromEntries(losses.map(({ what, count }) => [what, count]));
