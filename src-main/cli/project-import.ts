/** @file `project import DIR FILE`: annotations of other files into a project, and the report of it. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { importInto } from '../api/import-run.ts';
import { AppError } from '../contract/errors.ts';
import { type ImportFormat, type ImportReport, importFormats, type Tallied } from '../contract/import.ts';
import { openProject } from '../store/project.ts';
import { parse } from './options.ts';
import { progressLine, say } from './terminal.ts';

export const projectImportHelp = `project import DIR FILE  annotations of a COCO file, a folder of LabelMe, ReasonSeg or YOLO labels, or another
                         project, for photos of the project; adds, never overwrites; a copy is made before
  --format F           coco | labelme | reasonseg | yolo-seg | project; without it found from the content
  --dry-run            tells what would be, and changes nothing
  --report FILE        the report as JSON ("-" for stdout)
  --who NAME           who imports, for the project's book`;

const options = {
  format: { type: 'string' },
  'dry-run': { type: 'boolean' },
  report: { type: 'string' },
  who: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

const bad = (message: string) => new AppError('bad-request', message, { hint: projectImportHelp });

/** Exit code 0 also where entries were skipped: the report says which. */
export async function projectImportCommand(args: string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parse({ args, options, allowPositionals: true });
  if (values.help) {
    process.stdout.write(`${projectImportHelp}\n`);
    return 0;
  }
  const [folder, file, extra] = positionals;
  if (!folder || !file) throw bad('Something is missing: project import DIR FILE.');
  if (extra !== undefined) throw bad(`"${extra}" is too much: project import DIR FILE.`);
  const format = importFormats.find((known) => known === values.format);
  if (values.format !== undefined && !format) throw bad(`There is no format "${values.format}".`);
  const report = await run(resolve(folder), resolve(file), format, values, signal);
  tell(report);
  if (values.report === '-') process.stdout.write(`${JSON.stringify(report)}\n`);
  else if (values.report !== undefined) await save(resolve(values.report), report);
  return 0;
}

async function run(
  folder: string,
  path: string,
  format: ImportFormat | undefined,
  values: { 'dry-run'?: boolean; who?: string },
  signal: AbortSignal,
): Promise<ImportReport> {
  const project = await openProject(folder, { backupEveryMs: 0 });
  const progress = progressLine();
  try {
    return await importInto(project, path, {
      format,
      dryRun: values['dry-run'] ?? false,
      actor: { who: values.who ?? '' },
      signal,
      onProgress: ({ stage, done, total }) =>
        progress.update(stage === 'write' ? 'writing' : `reading ${Math.floor((100 * done) / Math.max(1, total))} %`),
    });
  } finally {
    progress.end();
    await project.close();
  }
}

async function save(file: string, report: ImportReport): Promise<void> {
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`).catch((cause: Error) => {
    throw new AppError('io', `The import is done, but ${file} cannot be written: ${cause.message}`, { cause });
  });
}

/** For people: what came in, what did not, and why. */
function tell(report: ImportReport): void {
  const { format, guessed, read, kept, known, answered, reviews, conflicts, skipped, mended } = report;
  const { notes, backup, dryRun } = report;
  if (guessed) say(`Read as ${format}; --format names another.`);
  const of = (name: keyof ImportReport['read']) => `${kept[name]} of ${read[name]} ${name}`;
  const there = (['instances', 'queries', 'categories'] as const).filter((name) => read[name] > 0);
  const all = [`${of('images')} found`, ...there.map(of)];
  say(`${dryRun ? 'Would import' : 'Imported'}: ${all.join(', ')}.`);
  if (known.instances + known.queries > 0) {
    say(`There already, the same: ${known.instances} instances, ${known.queries} queries.`);
  }
  if (answered > 0) say(`Open queries that got their answer: ${answered}.`);
  if (reviews > 0) say(`Verdicts of reviewers that came along: ${reviews}.`);
  list(`Conflicts: ${conflicts.count}. Nothing of yours was changed.`, conflicts.count, [
    ...conflicts.examples.map(({ path, text, what }) => `${path}, "${text}": ${what}`),
  ]);
  for (const each of skipped) entry('Left out', each);
  for (const each of mended) entry('Changed on the way', each);
  for (const note of notes) say(note);
  if (backup !== null) say(`The project as it was before: ${backup}`);
}

const entry = (title: string, { text, count, examples }: Tallied) =>
  list(`${title}: ${count}. ${text}`, count, examples);

const shown = 5;

function list(title: string, count: number, examples: readonly string[]): void {
  if (count === 0) return;
  say(title);
  for (const example of examples.slice(0, shown)) say(`  ${example}`);
  if (count > Math.min(shown, examples.length)) say(`  and ${count - Math.min(shown, examples.length)} more`);
}
