/** @file Handlers of releases: of the open project, in its folder `releases`. */
import { join } from 'node:path';
import type { ListedRelease, releaseMethods } from '../contract/methods-release.ts';
import { nearDuplicateBits } from '../dataset/near-duplicates.ts';
import { listReleases, type Release } from '../store/releases.ts';
import { getSetting } from '../store/settings.ts';
import { appVersion } from './app-version.ts';
import type { Handlers } from './dispatcher.ts';
import { forSession } from './project-session.ts';
import { makeRelease, type ReleaseProgress } from './release.ts';
import { openSession, type Services } from './services.ts';

export function releaseHandlers(services: Services): Pick<Handlers, keyof typeof releaseMethods> {
  return {
    'release.list': async () => ({
      releases: listReleases(openSession(services).project.db).map(listed).reverse(),
    }),
    'release.make': forSession(services, async (input, { signal, progress }) => {
      const { project } = openSession(services);
      const { version, splits, seed, profiles, photos, title, licence } = input;
      const who = getSetting(services.keeper, 'reviewer');
      const settings = {
        ...{ version, seed, profiles, photos, licence, shares: splits, bits: nearDuplicateBits },
        out: join(project.folder, 'releases', version),
        title: title === '' ? undefined : title,
        by: who === '' ? [] : [who],
        appVersion: appVersion(),
      };
      const { release } = await makeRelease(project, settings, {
        actor: { who },
        signal,
        onProgress: atTimes(progress),
      });
      return { release: listed(release) };
    }),
  };
}

const listed = ({ version, at, who, folder, sumsHash, card }: Release): ListedRelease => ({
  ...{ version, at, who, folder: folder.absolute, sumsHash },
  images: card.content.images,
  queries: card.content.queries,
  instances: card.content.instances,
  profiles: [...new Set(card.exports.map(({ profile }) => profile))],
  balance: card.splits.balance,
  alike: card.splits.duplicates.groups.length,
  licencesUnknown: card.photos.unknown,
});

/** Ten times a second, and at the end of each stage: there is a report for every photo. */
function atTimes(progress: (value: ReleaseProgress) => void): (value: ReleaseProgress) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (value) => {
    if (value.done < value.total && performance.now() - last < 100) return;
    last = performance.now();
    progress(value);
  };
}
