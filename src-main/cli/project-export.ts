/** @file `project export`: a project as a file or a folder in one of the formats. */
import { resolve } from 'node:path';
import { exportNotes } from '../api/export-notes.ts';
import { cocoSource } from '../api/export-source.ts';
import { AppError } from '../contract/errors.ts';
import { exportProfiles, profileFacts } from '../contract/export-profiles.ts';
import { exportProfile } from '../formats/profiles.ts';
import type { Project } from '../store/project.ts';
import { megabytes, progressLine, say } from './terminal.ts';

const listed = exportProfiles.map(
  (profile) => `    ${profile.padEnd(10)} ${kind(profile)}${profileFacts[profile].use}`,
);

export const projectExportHelp = `project export DIR OUT   write its accepted queries; read back and compared before OUT is replaced
  --profile P          what OUT becomes; coco by default:
${listed.join('\n')}
  --all                queries of every status
  --only-queried       without instances that belong to no exported query (coco, yolo-seg)
  --segmentation S     auto (polygons where they are exact, default) | rle (coco, riseg)
  --photos P           copy (default) | none: photos beside the labels (reasonseg, yolo-seg)
  --split NAME         the split that all images are in; train by default (reasonseg, refcoco, yolo-seg, png)`;

export const projectExportOptions = {
  profile: { type: 'string' },
  all: { type: 'boolean' },
  'only-queried': { type: 'boolean' },
  segmentation: { type: 'string' },
  photos: { type: 'string' },
  split: { type: 'string' },
} as const;

export type ExportValues = {
  profile?: string;
  all?: boolean;
  'only-queried'?: boolean;
  segmentation?: string;
  photos?: string;
  split?: string;
};

function kind(profile: (typeof exportProfiles)[number]): string {
  return profileFacts[profile].target === 'folder' ? '(folder) ' : '';
}

/** @throws AppError bad-request for an option that is none; as `exportProfile`. */
export async function projectExport(
  project: Project,
  values: ExportValues,
  signal: AbortSignal,
  out: string,
): Promise<number> {
  const profile = exportProfiles.find((each) => each === (values.profile ?? 'coco'));
  if (!profile) {
    throw new AppError('bad-request', `There is no profile "${values.profile}".`, { hint: exportProfiles.join(' | ') });
  }
  const segmentation = choice('segmentation', values.segmentation, ['auto', 'rle'], 'auto');
  const photos = choice('photos', values.photos, ['copy', 'none'], 'copy');
  const { split = 'train' } = values;
  if (!/^[\p{L}\p{N}_-]+$/u.test(split)) {
    throw new AppError('bad-request', `--split is a plain name such as train or val, not "${split}".`);
  }
  const target = resolve(out);
  const progress = progressLine();
  const exported = await cocoSource(project);
  try {
    const report = await exportProfile(profile, exported.source, target, {
      ...(values.all ? { statuses: ['draft', 'proposed', 'accepted', 'rejected'] as const } : {}),
      onlyQueried: values['only-queried'] === true,
      segmentation,
      photos,
      splitOf: () => split,
      signal,
      onProgress: ({ stage, done, total }) =>
        progress.update(`${stage === 'write' ? 'writing' : 'checking'} ${Math.floor((100 * done) / total)} %`),
    });
    progress.end();
    for (const note of exportNotes(report, project.db, exported)) say(note);
    const { images, annotations, queries, categories, files, bytes } = report;
    const counts = `${images} images, ${annotations} annotations, ${categories} categories, ${queries} queries`;
    const size = files === 1 ? megabytes(bytes) : `${files} files, ${megabytes(bytes)}`;
    say(`${counts}, ${size}, compared with the project: ${target}`);
    return 0;
  } finally {
    progress.end();
    exported.release();
  }
}

function choice<T extends string>(name: string, value: string | undefined, allowed: readonly T[], absent: T): T {
  if (value === undefined) return absent;
  const found = allowed.find((each) => each === value);
  if (found) return found;
  throw new AppError('bad-request', `--${name} is ${allowed.join(' or ')}, not "${value}".`);
}
