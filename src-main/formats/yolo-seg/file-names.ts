/** @file Names of photos and labels in a YOLO folder. */
import type { ImageAnswers } from '../export/context.ts';
import { stemOf } from '../export/photos.ts';

/**
 * Names without an ending, under the split: the photo's own path. Two photos that differ in the ending or in capitals only
 * would share a label file, so the second gets its number as well. Called in the order of the images, once for each.
 */
export function yoloNames(): (answered: ImageAnswers) => string {
  const taken = new Set<string>();
  return ({ split, fileName, image }) => {
    const plain = `${split}/${stemOf(fileName)}`;
    let name = plain;
    for (let k = 0; taken.has(name.toLowerCase()); k++) name = `${plain}-${image.id}${k === 0 ? '' : `-${k}`}`;
    taken.add(name.toLowerCase());
    return name;
  };
}
