/** @file The words of an import's report. Pure. */
import type { ImportFormat, ImportReport } from '../../../src-main/contract/import.ts';
import { count } from '../parts/format.ts';

export const formatNames: Readonly<Record<ImportFormat, string>> = {
  coco: 'COCO',
  labelme: 'LabelMe',
  reasonseg: 'ReasonSeg',
  'yolo-seg': 'YOLO segmentation',
  project: "Another annotator's project",
};

/** What the project gets that it had not before; null where it gets nothing. */
export function gains({ kept, answered, reviews }: ImportReport): string | null {
  const parts = [
    kept.instances > 0 ? count(kept.instances, 'instance') : '',
    kept.queries > 0 ? count(kept.queries, 'query', 'queries') : '',
    answered > 0 ? `${count(answered, 'answer')} to open queries` : '',
    reviews > 0 ? count(reviews, 'verdict') : '',
    kept.categories > 0 ? count(kept.categories, 'category', 'categories') : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? null : parts.join(', ');
}

/** Rows of the table: what was read of each kind, and what came of it. */
export function rows({
  read,
  kept,
  known,
}: ImportReport): readonly (readonly [string, number, number, number | null])[] {
  const all = [
    ['Photos', read.images, kept.images, null],
    ['Instances', read.instances, kept.instances, known.instances],
    ['Queries', read.queries, kept.queries, known.queries],
    ['Categories', read.categories, kept.categories, null],
  ] as const;
  return all.filter(([, number]) => number > 0);
}

/** Where nothing comes in, why that is so, in one sentence. */
export function emptyText({ read, kept, known, skipped }: ImportReport): string {
  if (kept.images === 0 && read.images > 0) {
    return 'None of its photos is in this project. Add their folder under "Folders", then choose the file again.';
  }
  if (known.instances + known.queries > 0) return 'All of it is in the project already.';
  return skipped.length > 0
    ? 'Nothing of it can be taken; the reasons are below.'
    : 'There is nothing in it to import.';
}
