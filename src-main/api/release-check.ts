/** @file Whether the releases of a project are still what they were, for `project check`. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../contract/check.ts';
import type { Project } from '../store/project.ts';
import { listReleases, releasePlaces } from '../store/releases.ts';
import { hashOfSums, sumsName, verifyFolder } from './release-sums.ts';

/**
 * Finds releases that were changed where they were written. One that is not there was moved or given away, which is what
 * releases are for: "dataset verify" compares it wherever it is. @param thorough reads every file, else only the list.
 */
export async function checkReleases(project: Project, thorough: boolean, signal?: AbortSignal): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const release of listReleases(project.db)) {
    const folder = await firstFolder(releasePlaces(project, release));
    if (folder === null) continue;
    const say = (what: string) =>
      findings.push({
        ...{ code: 'release-changed', what: `Release ${release.version} in ${folder} ${what}` },
        todo: 'Put the files back as they were released, or give the changed dataset a version of its own.',
        ...{ imageId: null, queryId: null, instanceId: null },
      });
    const sums = await readFile(join(folder, sumsName), 'utf8').catch(() => null);
    if (sums === null || hashOfSums(sums) !== release.sumsHash) {
      say(sums === null ? `has no ${sumsName} any more.` : 'has other checksums than were recorded.');
    } else if (thorough) {
      const { differences } = await verifyFolder(folder, signal);
      const names = differences.slice(0, 5).map(({ what, file }) => `${file} (${what})`);
      if (names.length > 0) say(`differs in ${differences.length} files: ${names.join(', ')}.`);
    }
  }
  return findings;
}

async function firstFolder(places: readonly string[]): Promise<string | null> {
  for (const place of places) if ((await stat(place).catch(() => null))?.isDirectory()) return place;
  return null;
}
