/** @file `dataset verify`: whether a release is still what it was. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { verifyFolder } from '../api/release-sums.ts';
import { AppError } from '../contract/errors.ts';
import { releaseVersionSchema } from '../contract/release.ts';
import { openProject } from '../store/project.ts';
import { findRelease } from '../store/releases.ts';
import { parse } from './options.ts';
import { say } from './terminal.ts';

export const datasetVerifyHelp = `dataset verify DIR       whether a release is still what it was (--json); --project P: and the one that P recorded`;

const options = { project: { type: 'string' }, json: { type: 'boolean' } } as const;

/** Exit code 1 when something differs. */
export async function datasetVerify(args: string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parse({ args, options, allowPositionals: true });
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) {
    throw new AppError('bad-request', 'dataset verify needs the folder of one release.', { hint: datasetVerifyHelp });
  }
  const { files, sumsHash, differences } = await verifyFolder(resolve(folder), signal);
  const recorded = values.project === undefined ? null : await recordedHash(resolve(values.project), resolve(folder));
  const other = recorded !== null && recorded.hash !== sumsHash;
  if (values.json) {
    const record = recorded && { version: recorded.version, same: !other };
    process.stdout.write(`${JSON.stringify({ files, sumsHash, differences, record })}\n`);
  } else for (const { file, what } of differences) process.stdout.write(`${what}: ${file}\n`);
  if (other) say(`The checksums are not those that the project recorded for ${recorded.version}.`);
  const wrong = differences.length + Number(other);
  say(wrong === 0 ? `${files} files are as they were.` : 'This is not the release as it was made.');
  return wrong === 0 ? 0 : 1;
}

async function recordedHash(projectFolder: string, folder: string): Promise<{ version: string; hash: string }> {
  const version = await versionOf(folder);
  const project = await openProject(projectFolder, { readonly: true });
  try {
    const release = findRelease(project.db, version);
    if (release) return { version: release.version, hash: release.sumsHash };
    throw new AppError('not-found', `The project has never released a version ${version}.`, {
      hint: `Name the project that the release was made from, not ${projectFolder}.`,
    });
  } finally {
    await project.close();
  }
}

async function versionOf(folder: string): Promise<string> {
  const text = await readFile(join(folder, 'card.json'), 'utf8').catch(() => '{}');
  try {
    return releaseVersionSchema.parse((JSON.parse(text) as { version?: unknown }).version);
  } catch (cause) {
    throw new AppError('bad-request', `card.json of ${folder} is missing or names no version.`, {
      hint: 'Get the release again.',
      cause,
    });
  }
}
