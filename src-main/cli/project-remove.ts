/** @file `project remove-images DIR NAME...`: photos out of a project, with what was drawn and asked on them if need be. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '../contract/errors.ts';
import { photoFinder } from '../formats/import-photos.ts';
import { backup, prune } from '../store/backup.ts';
import { projectPhotos } from '../store/import-photos.ts';
import { backupFolder, openProject, type Project } from '../store/project.ts';
import { find, select } from '../store/records.ts';
import { countAnnotations, removeImages } from '../store/remove-images.ts';
import { listRoots, rootFolder } from '../store/roots.ts';
import { parse } from './options.ts';
import { say } from './terminal.ts';

export const projectRemoveHelp = `project remove-images DIR NAME ...   take photos out of the project; their files stay where they are
  --list FILE          names from a file, one a line
  --missing            all photos whose file is gone
  --annotated          also photos with queries or masks, which go with them
  --yes                do it; without it the command tells what would go. A copy of the project is made before
  --who NAME           who does it, for the project's book`;

const options = {
  list: { type: 'string' },
  missing: { type: 'boolean' },
  annotated: { type: 'boolean' },
  yes: { type: 'boolean' },
  who: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

const bad = (message: string) => new AppError('bad-request', message, { hint: projectRemoveHelp });

export async function projectRemoveCommand(args: string[]): Promise<number> {
  const { values, positionals } = parse({ args, options, allowPositionals: true });
  if (values.help) {
    process.stdout.write(`${projectRemoveHelp}\n`);
    return 0;
  }
  const [folder, ...given] = positionals;
  if (!folder) throw bad('Something is missing: project remove-images DIR NAME.');
  const names = values.list === undefined ? given : [...given, ...(await linesOf(resolve(values.list)))];
  if (names.length === 0 && !values.missing) throw bad('Which photos? Name them, or say --list or --missing.');
  const project = await openProject(resolve(folder), { backupEveryMs: 0 });
  try {
    const missing = values.missing ? select(project.db, 'image', "status = 'missing'") : [];
    const ids = [...new Set([...(await idsOf(project, names)), ...missing.map(({ id }) => id)])];
    await remove(project, ids, values);
    return 0;
  } finally {
    await project.close();
  }
}

async function linesOf(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new AppError('not-found', `${file} cannot be read: ${cause.message}`, { cause });
  });
  return text.split(/\r?\n/).filter((line) => line.trim() !== '');
}

/** Names must fit whole or lead to one photo by their end; nothing is taken out by a guess. */
async function idsOf(project: Project, names: readonly string[]): Promise<number[]> {
  const finder = photoFinder(await projectPhotos(project));
  const ids: number[] = [];
  const wrong: string[] = [];
  for (const name of names) {
    const { photo, ...found } = finder({ name, width: null, height: null });
    if (photo && 'exact' in found && found.exact) ids.push(photo.id);
    else if (photo) wrong.push(`${name} (is ${photo.path} meant?)`);
    else wrong.push('detail' in found && found.detail !== '' ? `${name} (${found.detail})` : name);
  }
  if (wrong.length === 0) return ids;
  throw new AppError('not-found', `Not one photo of the project each: ${listed(wrong)}.`, {
    hint: 'Nothing was changed. Names are the paths in the folder of photos, or the end of them where that is one photo.',
  });
}

async function remove(
  project: Project,
  ids: readonly number[],
  { annotated = false, yes = false, who = '' }: { annotated?: boolean; yes?: boolean; who?: string },
): Promise<void> {
  const { db } = project;
  const paths = ids.map((id) => find(db, 'image', id)!.path);
  const { queries, instances } = countAnnotations(db, ids);
  const what = `${ids.length} photos with ${queries} queries and ${instances} masks`;
  const list = paths.length === 0 ? '' : `: ${listed(paths)}`;
  if (queries + instances > 0 && !annotated) {
    const theirs = ids.filter((id) => Object.values(countAnnotations(db, [id])).some((count) => count > 0));
    const names = theirs.map((id) => find(db, 'image', id)!.path);
    throw new AppError('conflict', `${names.length} of the photos have queries or masks: ${listed(names)}.`, {
      hint: 'Nothing was changed. With --annotated those go with the photos.',
    });
  }
  if (!yes || ids.length === 0) {
    say(`Would take out ${what}${list}.${ids.length > 0 ? ' Nothing was changed: --yes does it.' : ''}`);
    return;
  }
  const copy = await backup(db, backupFolder(project.folder), 'before-remove');
  await prune(backupFolder(project.folder));
  const { closed } = removeImages(db, ids, { who }, { annotated }).result;
  say(`Took out ${what}${list}. The files stay where they are.`);
  for (const root of listRoots(db).filter(({ id }) => closed.includes(id))) {
    say(`${await rootFolder(project, root)} takes no new photos from now on, or these would be back;`);
    say(`"project scan ${project.folder} --images FOLDER" makes it take all of its photos again.`);
  }
  say(`The project as it was before: ${copy}`);
}

const shown = 5;
const listed = (names: readonly string[]): string =>
  names.slice(0, shown).join(', ') + (names.length > shown ? ` and ${names.length - shown} more` : '');
