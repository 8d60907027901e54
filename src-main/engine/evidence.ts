/**
 * @file Evidence that a request carries itself: a similarity map or regions, checked against the image here, since only now
 * its size is known. What is asked of a reasoner is in reasoner.ts.
 */
import type { SegmentInput } from '../contract/api.ts';
import { AppError } from '../contract/errors.ts';
import type { Box, Point } from '../contract/segmentation.ts';
import type { Evidence } from '../novo/method.ts';
import { regionsOf } from '../novo/regions.ts';
import { findReasoner } from './reasoner.ts';

type Size = { readonly width: number; readonly height: number };

/**
 * Refuses a request that nothing can answer, before the image costs any time. Throws AppError 'bad-request', or
 * 'not-found' for a reasoner that does not exist.
 */
export async function checkAnswerable({ activation, points = [], boxes = [], query, reasoner }: SegmentInput) {
  const hasRegions = points.length > 0 || boxes.length > 0;
  if (activation && hasRegions) {
    throw new AppError(
      'bad-request',
      'A request has either an activation or points and boxes, and this one has both.',
      {
        hint: 'Send two requests, one for each.',
      },
    );
  }
  if (activation || hasRegions) return;
  if (!reasoner || !query) throw noReasoner(query);
  await findReasoner(reasoner);
}

/** Evidence that the request itself carries; null where it carries none and a reasoner must be asked. */
export function givenEvidence(input: SegmentInput, size: Size): Evidence | null {
  const { activation, maskPrompt, points = [], boxes = [] } = input;
  if (activation) return { kind: 'activation', activation, ...(maskPrompt ? { settings: maskPrompt } : {}) };
  if (points.length === 0 && boxes.length === 0) return null;
  return {
    kind: 'regions',
    regions: regionsOf(
      points.map((point) => checkPoint(point, size)),
      boxes.map((box) => clipBox(box, size)),
    ),
  };
}

/** The point itself; throws where it is outside the image. */
export function checkPoint(point: Point, { width, height }: Size): Point {
  const [x, y] = point;
  if (x >= 0 && y >= 0 && x <= width && y <= height) return point;
  throw new AppError(
    'bad-request',
    `The point (${x}, ${y}) is outside the image, which is ${width} x ${height} pixels.`,
    {
      hint: 'Points are in pixels of the upright original: x from the left, y from the top.',
    },
  );
}

/** The part of a box that is on the image: detectors often overshoot the edge by a little. */
export function clipBox(box: Box, { width, height }: Size): Box {
  const [x1, y1, x2, y2] = box;
  const clipped: Box = [Math.max(0, x1), Math.max(0, y1), Math.min(width, x2), Math.min(height, y2)];
  if (clipped[0] < clipped[2] && clipped[1] < clipped[3]) return clipped;
  throw new AppError(
    'bad-request',
    `The box [${box.join(', ')}] is outside the image, which is ${width} x ${height} pixels.`,
    {
      hint: 'A box is [x1, y1, x2, y2] in pixels of the upright original.',
    },
  );
}

/** The error for a request that nothing can answer. */
export function noReasoner(query: string | undefined): AppError {
  const hint =
    'Give an activation, points or boxes, or name a reasoner with --reasoner: a llava-seg pack (docs/packs.md) or an endpoint (docs/endpoints.md).';
  return query
    ? new AppError('bad-request', `No reasoner is chosen that could answer the query "${query.slice(0, 100)}".`, {
        hint,
      })
    : new AppError('bad-request', 'The request has nothing to go by: no query, activation, points or boxes.', { hint });
}
