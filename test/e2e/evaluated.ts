/** @file A project that was reviewed: queries with accepted answers, and what two models had answered to them. */
import type { Rle } from '../../src-main/contract/mask.ts';
import { encodeRle } from '../../src-main/contract/rle.ts';
import { unionAll } from '../../src-main/mask/boolean.ts';
import { ensureCategory } from '../../src-main/store/categories.ts';
import { openProject } from '../../src-main/store/project.ts';
import { acceptAll, acceptProposal, propose } from '../../src-main/store/proposals.ts';
import { addQuery, setNoTarget } from '../../src-main/store/queries.ts';
import type { Db } from '../../src-main/store/statements.ts';
import { makeMany } from './many.ts';

const [width, height] = [640, 480];

/** An ellipse around (x, y), in pixels. */
function ellipse(x: number, y: number, rx: number, ry: number): Rle {
  const data = Uint8Array.from({ length: width * height }, (_, i) => {
    const [dx, dy] = [((i % width) + 0.5 - x) / rx, (Math.floor(i / width) + 0.5 - y) / ry];
    return Number(dx * dx + dy * dy <= 1);
  });
  return encodeRle({ width, height, data });
}

const nothing = encodeRle({ width, height, data: new Uint8Array(width * height) });

type Answer = { readonly masks: readonly Rle[]; readonly semantic: Rle };

function put(db: Db, queryId: number, reasoner: string, { masks, semantic }: Answer, offered: readonly Rle[] = masks) {
  const timing = {
    ...{ decode_ms: 0, encode_ms: 0, reason_ms: 0, segment_ms: 0, refine_ms: 0, onnx_ms: 0 },
    ...{ total_ms: 900, decoder_calls: 9 },
  };
  const prompts = { profile: 'default', duplicates: masks.length - offered.length };
  const run = { pack: 'mobile-sam', reasoner, prompts, answer: null, timing };
  const instances = masks.map((rle) => ({ rle, score: 0.8 }));
  const answer = { semantic, refined: unionAll([nothing, ...masks]), instances };
  return propose(db, queryId, { run, proposals: offered.map((rle) => ({ rle, score: 0.8 })), answer }, {});
}

/**
 * `count` photos with a query each. `careful` is a few pixels off, `careless` three times as many; every sixth query has
 * no answer, which only `careful` knows. Every third answer was accepted as `careful` gave it.
 */
export async function makeEvaluated(home: string, count: number): Promise<string> {
  const folder = await makeMany(home, count);
  const project = await openProject(folder, { backupEveryMs: 0 });
  const { db } = project;
  try {
    const categories = ['mug', 'teapot'].map((name) => ensureCategory(db, name, {}).result.id);
    for (let k = 0; k < count; k++) {
      const reasoningType = (['attribute', 'spatial', 'context'] as const)[k % 3]!;
      const text = `what holds tea on shelf ${k + 1}?`;
      const { result: query } = addQuery(db, { imageId: k + 1, text, reasoningType }, {});
      const [x, y] = [200 + 20 * (k % 12), 180 + 10 * (k % 9)];
      const things = (off: number, size: number) => [
        ellipse(x + off, y, 60 + size, 40),
        ellipse(x + 180, y + off, 30, 50 + size),
      ];
      const careful = things(1 + (k % 5), k % 3);
      const careless = things(14 + (k % 5), 8).slice(0, 1 + (k % 2));
      if (k % 6 === 5) {
        put(db, query.id, 'careful', { masks: [], semantic: nothing });
        put(db, query.id, 'careless', { masks: careless, semantic: careless[0]! });
        setNoTarget(db, query.id, true, {});
        continue;
      }
      const categoryId = categories[k % 2]!;
      const { result } = put(db, query.id, 'careful', { masks: careful, semantic: ellipse(x, y, 80, 55) });
      if (k % 3 === 0) acceptAll(db, query.id, { categoryId }, {});
      else {
        for (const [i, { id }] of result.proposals.entries()) {
          acceptProposal(db, id, { rle: things(0, 0)[i]!, categoryId }, {});
        }
      }
      put(db, query.id, 'careless', { masks: careless, semantic: ellipse(x, y, 90, 60) }, []);
    }
  } finally {
    await project.close();
  }
  return folder;
}
