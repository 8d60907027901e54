/** @file Texts of the project by what they say: whether a query is asked of another image already. */
import { similarElsewhere, similarHere } from '../dataset/generate-checks.ts';
import { createTextIndex, type Similar } from '../dataset/generate-similar.ts';
import { knownTexts } from '../store/generation-images.ts';
import type { Db } from '../store/statements.ts';

export type ElsewhereIndex = {
  add(imageId: number, text: string): void;
  find(imageId: number, text: string): Similar<number> | null;
};

/** All texts of the project. Texts that are deleted later stay in it: it lives as long as a job. */
export function elsewhereIndex(db: Db): ElsewhereIndex {
  const index = createTextIndex<number>(similarElsewhere);
  for (const { imageId, text } of knownTexts(db)) index.add(text, imageId);
  return {
    add: (imageId, text) => index.add(text, imageId),
    find: (imageId, text) => index.find(text, (other) => other !== imageId),
  };
}

export type HereIndex = { add(text: string): void; find(text: string): Similar<number> | null };

/** Texts of one image, without that of the candidate which is looked at. */
export function hereIndex(db: Db, imageId: number, without: number | null = null): HereIndex {
  const index = createTextIndex<number>(similarHere);
  for (const { text, candidateId } of knownTexts(db, imageId)) {
    if (candidateId === null || candidateId !== without) index.add(text, 0);
  }
  return { add: (text) => index.add(text, 0), find: (text) => index.find(text, () => true) };
}
