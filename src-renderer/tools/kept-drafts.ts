/**
 * @file Unfinished masks over a reload of the page: kept in the tab's own storage, for the opening of the project that
 * they belong to. What is finished is in the project; this holds only what nobody has accepted yet.
 */
import { z } from 'zod';
import { rleSchema } from '../../src-main/contract/mask.ts';
import { idSchema } from '../../src-main/contract/records.ts';
import { boxSchema, pointSchema } from '../../src-main/contract/segmentation.ts';
import type { Draft } from '../document/draft.ts';
import { draftKey } from '../document/drafts.ts';
import type { App } from './app.ts';
import { later } from './queue.ts';

const key = 'novo-drafts';

const stepShape = {
  base: rleSchema.nullable(),
  points: z.array(pointSchema),
  box: boxSchema.nullable(),
  candidates: z.array(z.object({ rle: rleSchema, score: z.number() })),
  index: z.int().min(0),
  all: z.boolean(),
};
const draftSchema = z.object({
  ...stepShape,
  imageId: idSchema,
  target: z.union([
    z.object({ kind: z.enum(['proposal', 'instance']), id: idSchema }),
    z.object({ kind: z.literal('new'), queryId: idSchema.nullable() }),
  ]),
  past: z.array(z.object(stepShape)),
  waiting: z.boolean(),
  clicks: z.int().min(0),
  strokes: z.int().min(0),
});
const keptSchema = z.object({ session: z.string(), drafts: z.array(draftSchema) });

/** Keeps the drafts in `storage` whenever they change, until the answered function is called. */
export function keepDrafts(app: App, storage: Pick<Storage, 'setItem'>): () => void {
  const write = () => {
    const { project, drafts } = app.store.getState();
    if (!project.info) return;
    const kept = { session: project.info.session, drafts: [...drafts.values()] };
    try {
      storage.setItem(key, JSON.stringify(kept));
    } catch {
      // Full, or switched off: the drafts live as long as the page.
    }
  };
  return app.store.subscribe((state, before) => {
    if (state.drafts !== before.drafts) later(app, 'drafts', 200, write);
  });
}

/** Those that were kept for this opening of the project, ready to be worked on; none where there are none. */
export function keptDrafts(session: string, storage: Pick<Storage, 'getItem'>): ReadonlyMap<string, Draft> {
  const text = storage.getItem(key);
  if (text === null) return new Map();
  try {
    const kept = keptSchema.safeParse(JSON.parse(text));
    if (!kept.success || kept.data.session !== session) return new Map();
    // What the segmenter was working on is asked again when the image is opened.
    const drafts = kept.data.drafts.map((draft) => ({ ...draft, waiting: false }) as Draft);
    return new Map(drafts.map((draft) => [draftKey(draft.imageId, draft.target), draft]));
  } catch {
    return new Map();
  }
}
