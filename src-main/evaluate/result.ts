/** @file One result from outside, checked against its query: masks of the right size, scores that are numbers. */
import { z } from 'zod';
import { issueLines } from '../contract/issues.ts';
import { runsOfSegmentation } from '../formats/coco/read.ts';
import type { Detection } from '../metrics/coco-match.ts';
import { type Region, regionOfRuns } from '../metrics/region.ts';
import type { Asked } from './asked.ts';

/** Where a query is in the open project. */
export type Place = { readonly imageId: number; readonly queryId: number };

/** A result as it stands in a file; `where` is told with what is wrong about it. */
export type RawResult = {
  readonly id: string | null;
  readonly where: string;
  readonly value: unknown;
  /** Of the query that it answers, where that is one of a project. */
  readonly place?: Place;
};

/** What a model answered. A mask that it does not give is null, which is not the same as an empty one. */
export type Prediction = {
  readonly semantic: Region | null;
  readonly refined: Region | null;
  readonly detections: readonly Detection[] | null;
  readonly decoderCalls: number | null;
  readonly totalMs: number | null;
};

const resultSchema = z.object({
  semantic: z.unknown().optional(),
  refined: z.unknown().optional(),
  instances: z.array(z.object({ segmentation: z.unknown(), score: z.number().nullish() })).nullish(),
  timing: z.object({ decoder_calls: z.number().optional(), total_ms: z.number().optional() }).nullish(),
  error: z.unknown().optional(),
});

/** The id of a result as text: files write the same id as a number and as a string. */
export const resultId = (value: unknown): string | null => {
  const id = (value as { id?: unknown } | null)?.id;
  return typeof id === 'string' || typeof id === 'number' ? String(id) : null;
};

export type Told = { readonly kind: 'failed' | 'unreadable' | 'mask'; readonly message: string };

/**
 * The prediction in a result, or null where it holds none that can be used: it failed, or its semantic or refined mask is
 * damaged. A damaged instance is left out. Both are told.
 */
export function readResult(value: unknown, asked: Asked, tell: (problem: Told) => void): Prediction | null {
  const parsed = resultSchema.safeParse(value);
  if (!parsed.success) {
    tell({ kind: 'unreadable', message: issueLines(parsed.error).join('; ') });
    return null;
  }
  const { error, semantic, refined, instances, timing } = parsed.data;
  if (error !== undefined && error !== null) {
    const message = (error as { message?: unknown }).message;
    tell({ kind: 'failed', message: typeof message === 'string' ? message : JSON.stringify(error) });
    return null;
  }
  const region = (segmentation: unknown) =>
    regionOfRuns(runsOfSegmentation(segmentation, asked.width, asked.height), asked.height, asked.width);
  let masks: { semantic: Region | null; refined: Region | null };
  try {
    const given = (mask: unknown) => (mask === undefined || mask === null ? null : region(mask));
    masks = { semantic: given(semantic), refined: given(refined) };
  } catch (problem) {
    tell({ kind: 'mask', message: (problem as Error).message });
    return null;
  }
  const detections = instances?.flatMap(({ segmentation, score }, k): Detection[] => {
    if (typeof score !== 'number') {
      tell({ kind: 'mask', message: `instance ${k + 1} has no score; it is taken as 0.` });
    }
    try {
      return [{ region: region(segmentation), score: score ?? 0 }];
    } catch (problem) {
      tell({ kind: 'mask', message: `instance ${k + 1}: ${(problem as Error).message}` });
      return [];
    }
  });
  if (!masks.semantic && !masks.refined && !detections) {
    tell({ kind: 'unreadable', message: 'there is no mask and no list of instances' });
    return null;
  }
  return {
    ...masks,
    detections: detections ?? null,
    decoderCalls: timing?.decoder_calls ?? null,
    totalMs: timing?.total_ms ?? null,
  };
}
