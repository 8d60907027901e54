/** @file What people have accepted in a project, as answers that can be compared with a ground truth. */
import type { AnsweredQuery } from '../evaluate/results.ts';
import type { CocoSource } from '../formats/coco/source.ts';

/** The accepted queries of a project. */
export async function* answersOfProject(source: CocoSource): AsyncGenerator<AnsweredQuery> {
  for await (const image of source.images()) {
    const instances = new Map<number, { segmentation: unknown; score: number | null }>();
    for await (const { id, rle, score } of source.instances(image)) instances.set(id, { segmentation: rle, score });
    for await (const { query, links } of source.queries(image)) {
      if (query.status !== 'accepted') continue;
      const own = links.flatMap(({ instanceId }) => instances.get(instanceId) ?? []);
      const place = { imageId: image.id, queryId: query.id };
      yield { fileName: source.fileName(image), text: query.text, instances: own, place };
    }
  }
}
