/** @file A change of the project applied to what the page holds of one image. Pure: answers a new document. */
import type { Diff, Put, Remove } from '../../src-main/contract/diff.ts';
import type { ImageDocument } from '../../src-main/contract/methods-annotate.ts';
import type { QueryInstance } from '../../src-main/contract/records.ts';

type Identified = { readonly id: number };

function put<T extends Identified>(list: readonly T[], record: T): T[] {
  const at = list.findIndex(({ id }) => id === record.id);
  if (at >= 0) return list.with(at, record);
  // Ids grow, so this is nearly always at the end; an undo puts an old record back in its place.
  const after = list.findIndex(({ id }) => id > record.id);
  return after < 0 ? [...list, record] : list.toSpliced(after, 0, record);
}

const without = <T extends Identified>(list: readonly T[], id: number): T[] => list.filter((each) => each.id !== id);

const sameLink = (a: QueryInstance, b: Pick<QueryInstance, 'queryId' | 'instanceId'>) =>
  a.queryId === b.queryId && a.instanceId === b.instanceId;

/** Records of other images in the diff are passed over. `doc` itself stays as it is. */
export function applyDiff(doc: ImageDocument, diff: Diff): ImageDocument {
  const removed = diff.remove.reduce(applyRemove, doc);
  // Queries first: whether a proposal, a run or a link is of this image is known through its query.
  const parentsFirst = diff.put.toSorted((a, b) => Number(b.table === 'query') - Number(a.table === 'query'));
  return parentsFirst.reduce(applyPut, removed);
}

function applyPut(doc: ImageDocument, entry: Put): ImageDocument {
  const imageId = doc.image.id;
  const isHere = (queryId: number) => doc.queries.some(({ id }) => id === queryId);
  switch (entry.table) {
    case 'image':
      return entry.record.id === imageId ? { ...doc, image: entry.record } : doc;
    case 'query':
      return entry.record.imageId === imageId ? { ...doc, queries: put(doc.queries, entry.record) } : doc;
    case 'instance':
      return entry.record.imageId === imageId ? { ...doc, instances: put(doc.instances, entry.record) } : doc;
    case 'proposal':
      return isHere(entry.record.queryId) ? { ...doc, proposals: put(doc.proposals, entry.record) } : doc;
    case 'run':
      return isHere(entry.record.queryId) ? { ...doc, runs: put(doc.runs, entry.record) } : doc;
    case 'queryInstance': {
      if (!isHere(entry.record.queryId)) return doc;
      const at = doc.links.findIndex((link) => sameLink(link, entry.record));
      return { ...doc, links: at < 0 ? [...doc.links, entry.record] : doc.links.with(at, entry.record) };
    }
    case 'category':
    case 'candidate':
    case 'review':
      return doc;
  }
}

function applyRemove(doc: ImageDocument, entry: Remove): ImageDocument {
  switch (entry.table) {
    case 'query':
      return { ...doc, queries: without(doc.queries, entry.id) };
    case 'instance':
      return { ...doc, instances: without(doc.instances, entry.id) };
    case 'proposal':
      return { ...doc, proposals: without(doc.proposals, entry.id) };
    case 'run':
      return { ...doc, runs: without(doc.runs, entry.id) };
    case 'queryInstance':
      return { ...doc, links: doc.links.filter((link) => !sameLink(link, entry)) };
    default:
      return doc;
  }
}
