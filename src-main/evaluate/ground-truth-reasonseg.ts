/** @file Ground truth from a folder of ReasonSeg samples; the id of a query is the name of its file. */
import { basename } from 'node:path';
import type { ReasonSegSample } from '../formats/reasonseg/read.ts';
import { paintReasonSeg } from '../formats/reasonseg/read.ts';
import { regionOf } from '../metrics/region.ts';
import type { Asked, GroundTruth } from './asked.ts';

/** Reads the size of a picture from its head. */
export type SizeOf = (file: string) => Promise<{ readonly width: number; readonly height: number }>;

export async function askedOfReasonSeg(
  samples: readonly ReasonSegSample[],
  sizeOf: SizeOf,
  tell: (problem: string) => void,
): Promise<GroundTruth> {
  const asked = new Map<string, Asked>();
  for (const { name, image, text, form, shapes } of samples) {
    const size = await sizeOf(image).catch((error: Error) => tell(`${image} cannot be read: ${error.message}`));
    if (!size) continue;
    const { width, height } = size;
    asked.set(name, {
      id: name,
      imageKey: name,
      fileName: basename(image),
      text,
      noTarget: !shapes.some(({ label }) => !/^flag$|ignore/i.test(label)),
      width,
      height,
      strata: { form },
      answer: () => {
        const { target, ignore } = paintReasonSeg(shapes, width, height);
        return { target: regionOf(target), ignore: ignore && regionOf(ignore), truths: null };
      },
    });
  }
  return { asked, leftOut: [] };
}
