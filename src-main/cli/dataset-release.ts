/** @file `dataset release`: a frozen release of a project, divided into splits. */
import { resolve } from 'node:path';
import { appVersion } from '../api/app-version.ts';
import { makeRelease, type ReleaseSettings } from '../api/release.ts';
import { AppError } from '../contract/errors.ts';
import { exportProfiles } from '../contract/export-profiles.ts';
import { type ReleaseCard, releaseVersionSchema, type SplitShare, splitShareSchema } from '../contract/release.ts';
import { maxNearDuplicateBits, nearDuplicateBits } from '../dataset/near-duplicates.ts';
import { openProject } from '../store/project.ts';
import { countOption, listOption, oneOf, parse } from './options.ts';
import { progressLine, say } from './terminal.ts';

export const datasetReleaseHelp = `dataset release DIR --version V --out DIR   the accepted queries as a frozen release: splits, card, checksums
  --splits A=S,B=S     names and shares of the queries (train=0.7,val=0.15,test=0.15)
  --seed N             of the division (1)
  --profiles A,B       forms of the annotations (coco): ${exportProfiles.join(', ')}
  --photos P           copy (default) | none: photos beside the labels (reasonseg, yolo-seg)
  --near-duplicates N  bits of 64 in which two photos may differ and still count as the same (${nearDuplicateBits}); off
  --title T, --description T, --licence T, --by NAME (repeatable)   for the card
  --licences FILE      a COCO file that says the licences of the photos, repeatable; the one that they were chosen from is read
  --date YYYY-MM-DD    of the release; by default the day of the project's last change
  --json               the card for programs`;

const options = {
  version: { type: 'string' },
  out: { type: 'string' },
  splits: { type: 'string' },
  seed: { type: 'string' },
  profiles: { type: 'string' },
  photos: { type: 'string' },
  'near-duplicates': { type: 'string' },
  title: { type: 'string' },
  description: { type: 'string' },
  licence: { type: 'string' },
  by: { type: 'string', multiple: true },
  licences: { type: 'string', multiple: true },
  date: { type: 'string' },
  json: { type: 'boolean' },
} as const;

const bad = (message: string, hint = datasetReleaseHelp) => new AppError('bad-request', message, { hint });

export async function datasetRelease(args: string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parse({ args, options, allowPositionals: true });
  const [folder, ...more] = positionals;
  const { version, out } = values;
  if (folder === undefined || version === undefined || out === undefined) {
    throw bad('dataset release needs the folder of a project, --version and --out.');
  }
  if (more.length > 0) throw bad(`"${more[0]}" is too much.`);
  if (!releaseVersionSchema.safeParse(version).success) {
    throw bad(`--version is numbers with points between them, such as 1.0.0 or 1.1.0-rc.1, not "${version}".`);
  }
  if (values.date !== undefined && !isDate(values.date)) {
    throw bad(`--date is a day as YYYY-MM-DD, not "${values.date}".`);
  }
  const { title, description, licence, by, licences, date } = values;
  const settings: ReleaseSettings = {
    ...{ version, out, title, description, licence, by, date },
    licences: licences?.map((file) => resolve(file)),
    shares: sharesOf(values.splits ?? 'train=0.7,val=0.15,test=0.15'),
    seed: countOption('seed', values.seed, 1),
    bits: bitsOf(values['near-duplicates']),
    profiles: listOption('profiles', values.profiles ?? 'coco', exportProfiles),
    photos: oneOf('photos', values.photos ?? 'copy', ['copy', 'none'] as const),
    appVersion: appVersion(),
  };
  const project = await openProject(resolve(folder), { backupEveryMs: 0 });
  const progress = progressLine();
  try {
    const made = await makeRelease(project, settings, {
      actor: {},
      signal,
      onProgress: ({ stage, done, total }) => progress.update(`${stage} ${Math.floor((100 * done) / total)} %`),
    });
    progress.end();
    process.stdout.write(values.json ? `${JSON.stringify(made.card)}\n` : summary(made.card));
    say(`${made.files} files, checksums ${made.release.sumsHash.slice(0, 16)}: ${made.folder}`);
    return 0;
  } finally {
    progress.end();
    await project.close();
  }
}

function sharesOf(text: string): SplitShare[] {
  const shares = text.split(',').map((part) => {
    const [, name, share] = /^([^=]+)=([^=]+)$/.exec(part.trim()) ?? [];
    const parsed = splitShareSchema.safeParse({ name, share: Number(share) });
    if (parsed.success && Number.isFinite(parsed.data.share)) return parsed.data;
    throw bad(`--splits is NAME=SHARE,NAME=SHARE with shares above 0, not "${text}".`);
  });
  const names = shares.map(({ name }) => name.toLowerCase());
  if (new Set(names).size < names.length) throw bad(`--splits names a split twice: ${text}.`);
  return shares;
}

function bitsOf(text: string | undefined): number | null {
  if (text === 'off') return null;
  const bits = countOption('near-duplicates', text, nearDuplicateBits);
  if (bits <= maxNearDuplicateBits) return bits;
  throw bad(`--near-duplicates is 0 to ${maxNearDuplicateBits}, or off, not ${bits}: more bits are no likeness.`);
}

function isDate(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function summary({ content, splits: { balance, duplicates }, photos }: ReleaseCard): string {
  const points = (part: number) => `${(100 * part).toFixed(1)}`;
  const line = (...cells: string[]) => `${cells[0]!.padEnd(10)}${cells.slice(1).map((cell) => cell.padStart(9)).join('')}\n`; // biome-ignore format: one line
  let text = line('split', 'images', 'queries', 'masks', 'wanted %', 'got %');
  for (const { name, images, queries, instances, wanted, got } of balance.splits) {
    text += line(name, `${images}`, `${queries}`, `${instances}`, points(wanted), points(got));
  }
  for (const { of, worst, deviation } of balance.deviations) {
    if (worst) text += `${of}: at most ${points(deviation)} points from the whole (${worst.value} in ${worst.split})\n`;
  }
  const alike = duplicates.groups.length;
  text += `${alike} ${alike === 1 ? 'group' : 'groups'} of photos that are alike, each in one split\n`;
  if (duplicates.unread > 0) text += `${duplicates.unread} photos could not be read to compare them\n`;
  if (photos.unknown > 0) text += `of ${photos.unknown} photos no licence is known\n`;
  return `${text}${content.images} images, ${content.queries} queries, ${content.instances} masks\n`;
}
