/** @file `project new | scan | info | check | import | export | remove-images`: a project without a screen. */
import { resolve } from 'node:path';
import { readFigures } from '../api/figures.ts';
import { checkReleases } from '../api/release-check.ts';
import type { Finding } from '../contract/check.ts';
import { AppError } from '../contract/errors.ts';
import { queryStatuses } from '../contract/records.ts';
import { hashFile, readImageInfo } from '../engine/image/decode.ts';
import { addImages } from '../store/add-images.ts';
import { listCategories } from '../store/categories.ts';
import { checkProject } from '../store/check.ts';
import { countRecords } from '../store/counts.ts';
import { createProject, openProject, type Project } from '../store/project.ts';
import { addRoot, listRoots, rootFolder } from '../store/roots.ts';
import type { ScanReport } from '../store/scan-report.ts';
import { figuresText } from './figures-text.ts';
import { parse } from './options.ts';
import { type ExportValues, projectExport, projectExportHelp, projectExportOptions } from './project-export.ts';
import { projectImportCommand, projectImportHelp } from './project-import.ts';
import { projectRemoveCommand, projectRemoveHelp } from './project-remove.ts';
import { progressLine, say } from './terminal.ts';

export const projectHelp = `project new DIR --images DIR   make a project and read its folders of photos (--images is repeatable)
project scan DIR         read its folders again: new, moved and missing photos (--images DIR adds a folder)
project info DIR         what is in it, with figures of the accepted queries (--json; --all: of every status)
project check DIR        find what is wrong, and what to do about it (--json; --thorough reads every photo)
${projectImportHelp}
${projectExportHelp}
${projectRemoveHelp}`;

const options = {
  images: { type: 'string', multiple: true },
  json: { type: 'boolean' },
  thorough: { type: 'boolean' },
  ...projectExportOptions,
  help: { type: 'boolean', short: 'h' },
} as const;

type Values = ExportValues & { images?: string[]; json?: boolean; thorough?: boolean };

/** Options that each verb has, and how many names it wants. */
const verbs: Readonly<Record<string, { options: readonly string[]; names: number; form: string }>> = {
  new: { options: ['images'], names: 1, form: 'project new DIR --images DIR' },
  scan: { options: ['images'], names: 1, form: 'project scan DIR' },
  info: { options: ['json', 'all'], names: 1, form: 'project info DIR' },
  check: { options: ['json', 'thorough'], names: 1, form: 'project check DIR' },
  export: {
    options: Object.keys(projectExportOptions),
    names: 2,
    form: 'project export DIR OUT',
  },
};

export async function projectCommand(args: string[], signal: AbortSignal): Promise<number> {
  if (args[0] === 'import') return projectImportCommand(args.slice(1), signal);
  if (args[0] === 'remove-images') return projectRemoveCommand(args.slice(1));
  const parsed = parse({ args, options, allowPositionals: true });
  const { help, ...values } = parsed.values;
  if (help) {
    process.stdout.write(`${projectHelp}\n`);
    return 0;
  }
  const [verb = '', ...names] = parsed.positionals;
  const rule = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (!rule) throw bad(verb === '' ? 'project needs to know what to do.' : `There is no "project ${verb}".`);
  if (names.length < rule.names) throw bad(`Something is missing: ${rule.form}.`);
  if (names.length > rule.names) throw bad(`"${names[rule.names]}" is too much: ${rule.form}.`);
  const foreign = Object.keys(values).find((name) => !rule.options.includes(name));
  if (foreign) throw bad(`"project ${verb}" has no --${foreign}.`);
  const folder = resolve(names[0]!);
  if (verb === 'new') return create(folder, values as Values, signal);
  if (verb === 'scan') return scan(folder, values as Values, signal);
  const run = { info, check, export: projectExport }[verb as 'info' | 'check' | 'export'];
  const project = await openProject(folder, { readonly: true });
  try {
    return await run(project, values as Values, signal, names[1] ?? '');
  } finally {
    await project.close();
  }
}

const bad = (message: string) => new AppError('bad-request', message, { hint: projectHelp });

async function create(folder: string, { images }: Values, signal: AbortSignal): Promise<number> {
  if (!images) throw bad('Which photos? --images names their folder.');
  return readPhotos(await createProject(folder, { images, backupEveryMs: 0 }), signal);
}

async function scan(folder: string, { images = [] }: Values, signal: AbortSignal): Promise<number> {
  const project = await openProject(folder, { backupEveryMs: 0 });
  try {
    for (const path of images) await addRoot(project, path);
  } catch (error) {
    await project.close();
    throw error;
  }
  return readPhotos(project, signal);
}

/** Reads the folders of photos and closes the project. Exit code 1 when a photo or a folder could not be read. */
async function readPhotos(project: Project, signal: AbortSignal): Promise<number> {
  const progress = progressLine();
  let report: ScanReport;
  try {
    const onProgress = (files: number) => progress.update(`${files} photos read`);
    report = await addImages(project, { head: readImageInfo, hash: hashFile }, { signal, onProgress });
  } catch (error) {
    if (signal.aborted) say('What was read is kept; "project scan" goes on from there.');
    throw error;
  } finally {
    progress.end();
    await project.close();
  }
  for (const { path, reason } of report.skipped) say(`${path}: ${reason}`);
  for (const { folder } of report.missingRoots) say(`The folder ${folder} is not there.`);
  const { added, unchanged, movedCount, missingCount, changedCount, skippedCount } = report;
  const rest = `${unchanged} unchanged, ${movedCount} moved, ${missingCount} missing, ${changedCount} changed`;
  say(`${added} photos added, ${rest}, ${skippedCount} could not be read: ${project.folder}`);
  return skippedCount + report.missingRoots.length > 0 ? 1 : 0;
}

async function info(project: Project, { json, all }: Values, signal: AbortSignal): Promise<number> {
  const { db, folder } = project;
  const roots: string[] = [];
  for (const root of listRoots(db)) roots.push(await rootFolder(project, root));
  const { images, queries, instances, proposals } = countRecords(db);
  const figures = await readFigures(db, all ? queryStatuses : ['accepted'], signal);
  const categories = listCategories(db).map(({ name }) => name);
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ folder, roots, images, queries, proposals, instances, categories, figures })}\n`,
    );
    return 0;
  }
  const { total, ...states } = images;
  const list = (counts: Record<string, number>) =>
    Object.entries(counts)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ');
  process.stdout.write(`project     ${folder}\n${roots.map((root) => `photos in   ${root}\n`).join('')}`);
  const { noTarget, ...statuses } = queries;
  process.stdout.write(`images      ${total}: ${list(states)}\n`);
  process.stdout.write(`queries     ${list(statuses)}; nothing matches in ${noTarget}\n`);
  process.stdout.write(`instances   ${instances}\ncategories  ${categories.join(', ') || 'none'}\n`);
  process.stdout.write(figuresText(figures));
  return 0;
}

/** Exit code 1 when something is wrong. */
async function check(project: Project, { json, thorough = false }: Values, signal: AbortSignal): Promise<number> {
  const findings: Finding[] = [
    ...(await checkProject(project, { hash: hashFile, thorough, signal })),
    ...(await checkReleases(project, thorough, signal)),
  ];
  if (json) process.stdout.write(`${JSON.stringify(findings)}\n`);
  else for (const { code, what, todo } of findings) process.stdout.write(`${code}: ${what}\n  ${todo}\n`);
  say(findings.length === 0 ? 'Nothing is wrong.' : `${findings.length} findings.`);
  return findings.length > 0 ? 1 : 0;
}
