/**
 * @file RefCOCO: `instances.json` beside `grefs(unc).json`, gRefCOCO's list of references to any number of instances, and
 * `refs(unc).p`, RefCOCO's pickle of those to exactly one. "unc" is the name that loaders have built in.
 */
import { runsBox } from '../../contract/rle.ts';
import { type ExportContext, eachAnswered, loseOfImage } from '../export/context.ts';
import type { FolderWriter } from '../export/folder-writer.ts';
import { writeArray, writeList } from '../export/json-lists.ts';
import { loseOfInstance, loseOfQuery } from '../export/losses.ts';
import { appended, listEnd, listHead } from './pickle.ts';
import { type GroupRef, sentenceGroups, toGroupRef, toSingleRef } from './refs.ts';
import { toRefSegmentation } from './segmentation.ts';

export const refFiles = { instances: 'instances.json', group: 'grefs(unc).json', single: 'refs(unc).p' } as const;

const rounds = 4;

export async function writeRefCoco(context: ExportContext, out: FolderWriter): Promise<void> {
  const { source, categories, counts, losses, fidelity } = context;
  let withoutCategory = false;
  await out.stream(refFiles.instances, async (append) => {
    const info = { description: source.description, url: '', version: '1.0', contributor: '', date_created: '' };
    await append(`{"info":${JSON.stringify(info)},\n"licenses":[]`);
    await writeList(append, 'images', images());
    await writeList(append, 'annotations', annotations());
    await writeList(append, 'categories', used());
    await append('}\n');
  });
  await out.stream(refFiles.group, async (append) => {
    await writeArray(append, references(2, true));
    await append('\n');
  });
  await out.streamBytes(refFiles.single, pickle());

  async function* images() {
    for await (const answered of eachAnswered(context, 'write', 0, rounds)) {
      if (!loseOfImage(context, answered)) continue;
      const { id, width, height } = answered.image;
      counts.images++;
      yield { id, file_name: answered.fileName, width, height };
    }
  }

  async function* annotations() {
    for await (const { image, instances } of eachAnswered(context, 'write', 1, rounds)) {
      for (const { instance, runs, area, queryIds } of instances) {
        if (queryIds.length === 0) continue;
        withoutCategory ||= instance.categoryId === null;
        loseOfInstance(losses, instance, true);
        counts.annotations++;
        fidelity.add(1); // the check compares every one
        yield {
          id: instance.id,
          image_id: image.id,
          category_id: categories.numberOf(instance),
          iscrowd: 0,
          area,
          bbox: runsBox(runs, image.height),
          segmentation: toRefSegmentation(runs, image.height, image.width),
        };
      }
    }
  }

  function* used() {
    const { list, fallback } = categories;
    const all = withoutCategory && !list.includes(fallback) ? [...list, fallback] : list;
    counts.categories = all.length;
    yield* all;
  }

  async function* references(round: number, counted: boolean): AsyncGenerator<GroupRef> {
    for await (const answered of eachAnswered(context, 'write', round, rounds)) {
      for (const group of sentenceGroups(answered)) {
        for (const answer of counted ? group : []) {
          loseOfQuery(losses, answer, {});
          counts.queries++;
        }
        yield toGroupRef(group, answered, context);
      }
    }
  }

  async function* pickle() {
    yield listHead;
    for await (const reference of references(3, false)) {
      const single = toSingleRef(reference);
      if (single) yield appended(single);
      else losses.add(reference.no_target ? 'no-target' : 'not-single', reference.sentences.length);
    }
    yield listEnd;
  }
}
