/** @file What readers of formats fill: a plan, and the tally of what was read, left out and changed. */
import type {
  ImportPlan,
  ImportReport,
  ImportSink,
  MendReason,
  Photo,
  PhotoRef,
  SkipReason,
  Tallied,
} from '../contract/import.ts';
import { mendTexts, skipTexts } from '../contract/import-reasons.ts';
import { draftList } from './draft-list.ts';
import type { FoundPhoto, PhotoFinder } from './import-photos.ts';

/** Examples of each reason; the counts are of all. */
const mostExamples = 20;
/** Characters of an example: a name in a file may be as long as it likes. */
const longest = 300;

type Tally = Map<string, { count: number; examples: string[] }>;

export type FilledSink = ImportSink & {
  /** The report so far: what was read and why something is not in the plan. */
  tallied(): Pick<ImportReport, 'read' | 'skipped' | 'mended' | 'notes'> & { readonly photos: number };
};

export function importSink(find: PhotoFinder): FilledSink {
  const plan: ImportPlan = { categories: [], instances: draftList(), queries: [] };
  const read = { images: 0, instances: 0, queries: 0, categories: 0 };
  const skipped: Tally = new Map();
  const mended: Tally = new Map();
  const notes: string[] = [];
  /** Photos by their ids, with the name that they were found for first. */
  const taken = new Map<number, string>();

  function settle(ref: PhotoRef, found: FoundPhoto): Photo | null {
    const name = ref.name || ref.stem || '';
    if (found.photo === null) {
      count(skipped, found.reason, found.detail === '' ? name : `${name}: ${found.detail}`);
      return null;
    }
    const { photo, exact, content } = found;
    const other = taken.get(photo.id);
    if (!content && other !== undefined && other !== name) {
      count(skipped, 'photo-ambiguous', `${name}: ${photo.path}, which is ${other} already`);
      return null;
    }
    if (other === undefined) taken.set(photo.id, name);
    if (!exact) count(mended, 'photo-name', `${name}: ${photo.path}`);
    return photo;
  }

  /** Names that fit whole go first: a photo that has its own entry is not given to another folder's of the same name. */
  function photos(refs: readonly PhotoRef[]): (Photo | null)[] {
    const found = refs.map(find);
    const settled = new Map<number, Photo | null>();
    for (const exact of [true, false]) {
      for (const [k, each] of found.entries()) {
        if ((each.photo !== null && each.exact) === exact) settled.set(k, settle(refs[k]!, each));
      }
    }
    return refs.map((_, k) => settled.get(k)!);
  }

  return {
    plan,
    photos,
    read: (kind, number = 1) => {
      read[kind] += number;
    },
    skip: (reason, example, number) => count(skipped, reason, example, number),
    mend: (reason, example) => count(mended, reason, example),
    note: (text) => void notes.push(text),
    tallied: () => ({
      read: { ...read },
      photos: taken.size,
      skipped: list(skipped, skipTexts) as ImportReport['skipped'],
      mended: list(mended, mendTexts) as ImportReport['mended'],
      notes: [...notes],
    }),
  };
}

function count(tally: Tally, reason: SkipReason | MendReason, example: string, number = 1): void {
  const entry = tally.get(reason) ?? { count: 0, examples: [] };
  entry.count += number;
  if (entry.examples.length < mostExamples) entry.examples.push(example.slice(0, longest));
  tally.set(reason, entry);
}

/** The most frequent first. */
function list(tally: Tally, texts: Readonly<Record<string, string>>): Tallied[] {
  return [...tally]
    .map(([reason, { count: number, examples }]) => ({ reason, text: texts[reason]!, count: number, examples }))
    .sort((a, b) => b.count - a.count) as Tallied[];
}
