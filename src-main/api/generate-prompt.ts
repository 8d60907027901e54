/** @file What a model is asked about one image: the filled template, the list of objects behind its numbers, the size. */
import type { LabelledBox } from '../contract/methods-generate.ts';
import type { EndpointSpec } from '../contract/pack.ts';
import { listedObjects, objectLines, targetClasses } from '../dataset/generate-objects.ts';
import { fillTemplate } from '../dataset/templates.ts';
import { sentSize } from '../engine/endpoint/image-size.ts';
import { classCounts, labelledBoxes } from '../store/generation-images.ts';
import { captionsOf } from '../store/generation-templates.ts';
import { need } from '../store/records.ts';
import type { Db } from '../store/statements.ts';

/** The part of an endpoint that the words of a prompt depend on. */
export type PromptSpec = Pick<EndpointSpec, 'coordinates' | 'imageRule'>;

/** For a preview without an endpoint: numbers that every model understands. */
export const anySpec: PromptSpec = {
  coordinates: { space: 'relative', scale: 1000, order: 'xy', boxForm: 'xyxy' },
  imageRule: { multipleOf: 1, minPixels: 1, maxPixels: 1_254_400 },
};

export type Prompt = {
  readonly text: string;
  /** The object of number k is at k - 1. */
  readonly objects: readonly LabelledBox[];
  readonly className: string | null;
  readonly count: number;
  /** Of the picture as sent, in pixels. */
  readonly width: number;
  readonly height: number;
};

/** The prompt for an image and a class. @throws AppError not-found for an image that is gone. */
export function promptFor(
  db: Db,
  spec: PromptSpec,
  { imageId, categoryId, body }: { imageId: number; categoryId: number | null; body: string },
  { wanted, maxSide }: { wanted: number; maxSide: number },
): Prompt {
  const image = need(db, 'image', imageId);
  const boxes = labelledBoxes(db, imageId);
  const className = categoryId === null ? null : need(db, 'category', categoryId).name;
  const objects = listedObjects(boxes, className);
  const rule = { ...spec.imageRule, maxSide: Math.min(maxSide, spec.imageRule.maxSide ?? maxSide) };
  const sent = sentSize(image, rule);
  const count = boxes.filter(({ category }) => category === className).length;
  const lines = objectLines(objects, image, sent, spec.coordinates);
  const text = fillTemplate(body, { captions: captionsOf(db, imageId), objects: lines, className, count, wanted });
  return { text, objects, className, count, ...sent };
}

/** The class that an image is asked about by default; null where it has none with so many objects. */
export function mainClass(db: Db, imageId: number, minInstances: number): number | null {
  const counts = classCounts(db, imageId).get(imageId) ?? [];
  return targetClasses(counts, 'main', minInstances)[0]?.categoryId ?? null;
}
