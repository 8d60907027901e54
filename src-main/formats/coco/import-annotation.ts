/** @file One annotation of a COCO file as a draft of an instance. */
import type { ImportSink, InstanceDraft, Photo } from '../../contract/import.ts';
import { type Instance, sources } from '../../contract/records.ts';
import { rleOf, runsArea, runsBox } from '../../contract/rle.ts';
import { type Entry, flagOf, isEntry, nameOf, numberOf } from '../import-fields.ts';
import { readMask } from './import-mask.ts';

const noAttributes: Instance['attributes'] = {};

/**
 * The draft on its photo; null, and told, where it cannot be one.
 * @param category its place in the plan's categories.
 */
export function annotationDraft(
  entry: Entry,
  photo: Photo,
  category: number | null,
  sink: ImportSink,
): InstanceDraft | null {
  const { segmentation, area, bbox } = entry;
  const mask = readMask(segmentation, photo, { area, bbox });
  if (mask.runs === null) {
    const name = nameOf('annotation', entry);
    sink.skip(mask.reason, mask.detail === '' ? name : `${name}: ${mask.detail}`);
    return null;
  }
  for (const reason of mask.mended) sink.mend(reason, nameOf('annotation', entry));
  const { attributes, score, source } = own(entry, sink);
  return {
    imageId: photo.id,
    rle: rleOf(mask.runs, photo.height, photo.width),
    area: runsArea(mask.runs),
    bbox: runsBox(mask.runs, photo.height),
    category,
    score,
    source,
    attributes,
  };
}

/** What `project export` puts among the attributes goes back to where it was; the rest stays attributes. */
function own(entry: Entry, sink: ImportSink): Pick<InstanceDraft, 'attributes' | 'score' | 'source'> {
  const given = entry['attributes'] ?? null;
  if (given !== null && !isEntry(given)) sink.mend('field-dropped', `${nameOf('annotation', entry)}: attributes`);
  const isCrowd = flagOf(entry['iscrowd'] ?? 0);
  if (isCrowd === null) sink.mend('field-dropped', `${nameOf('annotation', entry)}: iscrowd`);
  const score = numberOf(entry['score']);
  if (!isEntry(given) && !isCrowd) return { attributes: noAttributes, score, source: 'import' };
  const { score: ownScore, source, query_ids, ...rest } = isEntry(given) ? given : {};
  const known = sources.find((each) => each === source);
  const kept = Object.entries(rest);
  if (ownScore !== undefined && numberOf(ownScore) === null) kept.push(['score', ownScore]);
  if (source !== undefined && known === undefined) kept.push(['source', source]);
  if (query_ids !== undefined && !/^\d+(,\d+)*$/.test(String(query_ids))) kept.push(['query_ids', query_ids]);
  // A crowd region is no instance for evaluation; who selects and exports can tell it by this.
  if (isCrowd) kept.push(['iscrowd', true]);
  return {
    attributes: Object.fromEntries(kept) as Instance['attributes'],
    score: numberOf(ownScore) ?? score,
    source: known ?? 'import',
  };
}
