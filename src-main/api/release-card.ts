/** @file What the project knows for the card of a release: what is in it, who made it and by which models. */
import type { PhotoLicence, ReleaseCard } from '../contract/release.ts';
import { createStatistics } from '../dataset/statistics.ts';
import { workFigures } from '../dataset/statistics-work.ts';
import { listCategories } from '../store/categories.ts';
import { getProjectSetting } from '../store/project-settings.ts';
import { all, type Db } from '../store/statements.ts';
import { modelFacts, personFacts } from '../store/statistics.ts';
import type { ReleaseImage } from './release-images.ts';
import type { LicenceOf } from './release-licences.ts';

type Parts = Pick<ReleaseCard, 'content' | 'photos' | 'people' | 'reviewersPerQuery' | 'models' | 'writers'>;

export function cardParts(db: Db, images: readonly ReleaseImage[], licenceOf: LicenceOf): Parts {
  const statistics = createStatistics(listCategories(db), ['accepted']);
  for (const { facts } of images) statistics.add(facts);
  const { models } = workFigures([], modelFacts(db), []);
  return {
    content: statistics.finish(),
    photos: licencesOf(images, licenceOf),
    people: personFacts(db).map(({ who, verdicts }) => ({ who, verdicts })),
    reviewersPerQuery: getProjectSetting(db, 'reviewersPerQuery'),
    models,
    writers: writersOf(db, images),
  };
}

function licencesOf(images: readonly ReleaseImage[], licenceOf: LicenceOf): ReleaseCard['photos'] {
  const found = new Map<string, PhotoLicence>();
  let unknown = 0;
  for (const { fileName } of images) {
    const licence = licenceOf(fileName);
    if (!licence) {
      unknown++;
      continue;
    }
    const key = JSON.stringify(licence);
    found.set(key, { ...licence, images: (found.get(key)?.images ?? 0) + 1 });
  }
  return {
    licences: [...found.values()].sort((a, b) => b.images - a.images || (a.name < b.name ? -1 : 1)),
    unknown,
  };
}

/** Models whose candidates became queries of the release. */
function writersOf(db: Db, images: readonly ReleaseImage[]): ReleaseCard['writers'] {
  const released = new Set(images.flatMap(({ facts }) => facts.queries.map(({ id }) => id)));
  const written = all<{ queryId: number; model: string }>(
    db,
    `SELECT candidate.query_id AS queryId, generation.model FROM candidate
       JOIN generation_request ON generation_request.id = candidate.request_id
       JOIN generation ON generation.id = generation_request.generation_id
     WHERE candidate.query_id IS NOT NULL ORDER BY candidate.id`,
  );
  const models = Map.groupBy(
    written.filter(({ queryId }) => released.has(queryId)),
    ({ model }) => model,
  );
  return [...models]
    .map(([model, rows]) => ({ model, queries: new Set(rows.map(({ queryId }) => queryId)).size }))
    .sort((a, b) => b.queries - a.queries || (a.model < b.model ? -1 : 1));
}
