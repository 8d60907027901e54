/** @file Export by profile: one call writes a project in any of the formats, reads it back, compares, and replaces. */
import type { ExportProfile } from '../contract/export-profiles.ts';
import { profileFacts } from '../contract/export-profiles.ts';
import { exportCoco } from './coco/export.ts';
import { numberCategories } from './coco/selection.ts';
import { checked } from './export/compare.ts';
import type { ExportContext, ExportOptions, ExportReport, ExportSource } from './export/context.ts';
import { measureFidelity } from './export/fidelity.ts';
import type { FolderWriter } from './export/folder-writer.ts';
import { countLosses, listed } from './export/losses.ts';
import { replaceFolder } from './export/replace-folder.ts';
import { checkPng } from './png/check.ts';
import { writePng } from './png/write.ts';
import { checkReasonSeg } from './reasonseg/check.ts';
import { writeReasonSeg } from './reasonseg/write.ts';
import { checkRefCoco } from './refcoco/check.ts';
import { writeRefCoco } from './refcoco/write.ts';
import { type Append, replaceJsonFile } from './replace-file.ts';
import { checkRiseg } from './riseg/check.ts';
import { writeRiseg } from './riseg/write.ts';
import { checkSaCo } from './sa-co/check.ts';
import { writeSaCo } from './sa-co/write.ts';
import { checkYolo } from './yolo-seg/check.ts';
import { writeYolo } from './yolo-seg/write.ts';

type FileFormat = {
  readonly write: (context: ExportContext, append: Append) => Promise<void>;
  readonly check: (context: ExportContext, file: string) => Promise<void>;
};
type FolderFormat = {
  readonly write: (context: ExportContext, out: FolderWriter) => Promise<void>;
  readonly check: (context: ExportContext, folder: string) => Promise<void>;
};

const fileFormats: Readonly<Partial<Record<ExportProfile, FileFormat>>> = {
  riseg: { write: writeRiseg, check: checkRiseg },
  'sa-co': { write: writeSaCo, check: checkSaCo },
};
const folderFormats: Readonly<Partial<Record<ExportProfile, FolderFormat>>> = {
  'yolo-seg': { write: writeYolo, check: checkYolo },
  png: { write: writePng, check: checkPng },
  refcoco: { write: writeRefCoco, check: checkRefCoco },
  reasonseg: { write: writeReasonSeg, check: checkReasonSeg },
};

/**
 * Writes `target`, a file or a folder (see `profileFacts`), or leaves what is there as it was: the new one takes its
 * place when it was read back, whole, and holds what the format can hold of the source. What it cannot is counted in the
 * report. The same records and options give the same bytes. Of a part of a project: `onlyImages`.
 * @throws AppError io; bad-request for a target that no export wrote; bad-project for records that contradict each
 * other; internal when the export is not what it should be; the signal's reason.
 */
export async function exportProfile(
  profile: ExportProfile,
  source: ExportSource,
  target: string,
  options: ExportOptions = {},
): Promise<ExportReport> {
  if (profile === 'coco') return cocoReport(source, target, options);
  const context: ExportContext = {
    source,
    options,
    categories: await numberCategories(source, options),
    counts: { images: 0, annotations: 0, queries: 0, categories: 0 },
    losses: countLosses(),
    fidelity: measureFidelity(),
  };
  const { files, bytes } = await written(profile, context, target);
  const { counts, losses, fidelity } = context;
  return { profile, files, bytes, ...counts, losses: losses.list(), fidelity: fidelity.report() };
}

async function written(profile: ExportProfile, context: ExportContext, target: string) {
  const file = fileFormats[profile];
  const folder = folderFormats[profile];
  const compare = (check: (context: ExportContext, path: string) => Promise<void>) => async (path: string) => {
    await checked(() => check(context, path));
    context.options.signal?.throwIfAborted();
  };
  if (file) {
    const bytes = await replaceJsonFile(target, (append) => file.write(context, append), compare(file.check));
    return { files: 1, bytes };
  }
  if (!folder) throw new Error(`no writer for ${profile}`);
  const about = () => ({
    profile,
    title: profileFacts[profile].title,
    fidelity: context.fidelity.report(),
    losses: context.losses.list(),
  });
  return replaceFolder(target, (out) => folder.write(context, out), about, compare(folder.check));
}

async function cocoReport(source: ExportSource, target: string, options: ExportOptions): Promise<ExportReport> {
  const report = await exportCoco(source, target, options);
  const { images, annotations, queries, categories, bytes, leftOut, emptied } = report;
  const losses = countLosses();
  if (leftOut.length > 0) {
    const masks = leftOut.map(({ instanceId, imageId }) => `${instanceId} of image ${imageId}`);
    losses.say('no-pixel', masks.length, `Instances left out because they have no pixel: ${listed(masks)}.`);
  }
  if (emptied.length > 0)
    losses.say('emptied', emptied.length, `Queries without an instance for that: ${listed(emptied)}.`);
  const counts = { images, annotations, queries, categories };
  const fidelity = { masks: annotations, exact: annotations, worst: 1, mean: 1 };
  return { profile: 'coco', files: 1, bytes, ...counts, losses: losses.list(), fidelity };
}
