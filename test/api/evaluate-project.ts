/** @file A project whose answers of two models can be scored by hand: 8 x 6 pixels a photo, masks of whole rows. */
import type { Rle } from '../../src-main/contract/mask.ts';
import { encodeRle } from '../../src-main/contract/rle.ts';
import { unionAll } from '../../src-main/mask/boolean.ts';
import { openProject } from '../../src-main/store/project.ts';
import { acceptAll, acceptProposal, propose } from '../../src-main/store/proposals.ts';
import { editQuery, setNoTarget } from '../../src-main/store/queries.ts';
import type { RunAnswer } from '../../src-main/store/run-answers.ts';
import type { Db } from '../../src-main/store/statements.ts';
import { startProjectApp, type TestApp, withProject } from './project-app.ts';

/** Rows from `first` up to `end`. */
export function rows(first: number, end: number): Rle {
  const data = Uint8Array.from({ length: 48 }, (_, i) => Number(i >= 8 * first && i < 8 * end));
  return encodeRle({ width: 8, height: 6, data });
}

export const alpha = { pack: 'sam', reasoner: 'alpha', profile: 'default' };
export const beta = { pack: 'sam', reasoner: 'beta', profile: 'default' };

const timing = (calls: number) => ({
  ...{ decode_ms: 0, encode_ms: 0, reason_ms: 0, segment_ms: 0, refine_ms: 0, onnx_ms: 0 },
  ...{ total_ms: 10 * calls, decoder_calls: calls },
});

type Model = typeof alpha;

/** A run of a model that found `masks`. @param options.offered of them; without `whole`, only these are kept. */
export function answer(
  db: Db,
  { pack, reasoner, profile }: Model,
  queryId: number,
  masks: readonly Rle[],
  { offered = masks, whole = true, semantic = masks[0] ?? rows(0, 0) }: { offered?: readonly Rle[]; whole?: boolean; semantic?: Rle } = {}, // biome-ignore format: one line
) {
  const scored = (list: readonly Rle[]) => list.map((rle, k) => ({ rle, score: 0.9 - 0.1 * k }));
  const prompts = { profile, duplicates: masks.length - offered.length };
  const run = { pack, reasoner, prompts, answer: null, timing: timing(4) };
  const kept: RunAnswer = { semantic, refined: unionAll([rows(0, 0), ...masks]), instances: scored(masks) };
  const { result } = propose(db, queryId, { run, proposals: scored(offered), ...(whole && { answer: kept }) }, {});
  return result.proposals;
}

export const texts = ['two stripes', 'one stripe', 'a dragon', 'a unicorn', 'not asked', 'a draft'] as const;

/**
 * Photo k has query k. Alpha was right on 0, half right on 1, right that nothing is on 2, wrong on 3; 4 was never put to
 * it; 5 is not decided. Beta was asked 0 and 1 later: half right, and right.
 */
export async function evaluatedProject() {
  const page = startProjectApp();
  const { folder, images } = await withProject(page, ...texts.map((_, k) => `${k}.png`));
  const ids: number[] = [];
  for (const [k, text] of texts.entries()) {
    const { queryId } = await page.call('query.add', { imageId: images[k]!.id, text });
    ids.push(queryId);
  }
  await page.call('instance.add', { imageId: images[4]!.id, queryIds: [ids[4]!], rle: rows(0, 1) });
  await inStore(page, folder, (db) => {
    answer(db, alpha, ids[0]!, [rows(0, 2), rows(3, 5)], { semantic: rows(0, 5) });
    acceptAll(db, ids[0]!, {}, { who: 'ann' });
    const [half] = answer(db, alpha, ids[1]!, [rows(0, 2)]);
    acceptProposal(db, half!.id, { rle: rows(0, 4) }, {});
    answer(db, alpha, ids[2]!, []);
    setNoTarget(db, ids[2]!, true, {});
    answer(db, alpha, ids[3]!, [rows(0, 3)]);
    setNoTarget(db, ids[3]!, true, {});
    answer(db, alpha, ids[5]!, [rows(0, 3)]);
    // The first of these is an instance of the query already, so it is not offered again.
    answer(db, beta, ids[0]!, [rows(0, 2)], { offered: [] });
    answer(db, beta, ids[1]!, [rows(0, 4)], { offered: [] });
    editQuery(db, ids[0]!, { reasoningType: 'spatial' }, {});
    editQuery(db, ids[1]!, { reasoningType: 'attribute' }, {});
  });
  return { page, folder, ids, images };
}

/** Works on the database of a project while the application has it closed. */
export async function inStore(page: TestApp, folder: string, work: (db: Db) => void): Promise<void> {
  await page.call('project.close', {});
  const project = await openProject(folder, { backupEveryMs: 0 });
  try {
    work(project.db);
  } finally {
    await project.close();
  }
  await page.call('project.open', { folder: await page.grant(folder) });
  await page.call('project.scan', {});
}
