/** @file What was meant by a query, as masks of the stage of alignment, and the keys that say so. */
import type { AlignItem } from '../../../src-main/contract/methods-align.ts';
import type { Server } from '../server.ts';
import type { Meant } from './writer.ts';

export type Plan = {
  readonly queryId: number;
  /** In the order of the answer. */
  readonly instanceIds: readonly number[];
  readonly ordered: boolean;
  /** Numbers of the masks to press, from 1: what is chosen beforehand becomes what was meant. */
  readonly presses: readonly number[];
};

/** All queries that wait for their masks, by text. @param meaning of a text, also of one that a person has written. */
export async function planAnswers(server: Server, meaning: (text: string) => Meant): Promise<Map<string, Plan>> {
  const plans = new Map<string, Plan>();
  for (let after: number | null = null; ; ) {
    const { items }: { items: AlignItem[] } = await server.call('align.queue', { after, limit: 50 });
    for (const item of items) plans.set(item.query.text, planOf(item, meaning(item.query.text)));
    const last = items.at(-1);
    if (!last) return plans;
    after = last.query.id;
  }
}

function planOf(item: AlignItem, { className, boxes, means, ordered }: Meant): Plan {
  const { candidates, image, query } = item;
  const far = ([x1, y1, x2, y2]: Meant['boxes'][number], { bbox: [x, y, w, h] }: AlignItem['candidates'][number]) =>
    Math.max(
      ...[x1 - (1000 * x) / image.width, x2 - (1000 * (x + w)) / image.width].map(Math.abs),
      ...[y1 - (1000 * y) / image.height, y2 - (1000 * (y + h)) / image.height].map(Math.abs),
    );
  const places = means.map((place) => {
    const box = boxes[place]!;
    const fits = candidates.flatMap((each, at) => (each.label === className && far(box, each) <= 1 ? [at] : []));
    if (fits.length !== 1) throw new Error(`${fits.length} masks fit ${box.join(' ')} of "${query.text}"`);
    return fits[0]!;
  });
  const beforehand = ordered ? [] : candidates.flatMap(({ named }, at) => (named ? [at] : []));
  const differ = [
    ...places.filter((at) => !beforehand.includes(at)),
    ...beforehand.filter((at) => !places.includes(at)),
  ];
  return {
    queryId: query.id,
    instanceIds: places.map((at) => candidates[at]!.id),
    ordered,
    presses: differ.map((at) => at + 1),
  };
}
