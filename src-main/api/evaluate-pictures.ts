/** @file Small pictures of answers for the HTML report: what was found, missed, and too much. */
import { encodeJpeg } from '../engine/image/encode.ts';
import { type RgbImage, resizeBilinear } from '../engine/image/pillow-resize.ts';
import { pictureColours } from '../evaluate/html.ts';
import { pixelsIn, type Region } from '../metrics/region.ts';

/** Longer side of a picture in pixels, and the JPEG quality that leaves forty of them under a megabyte. */
const longest = 320;
const quality = 72;

/** Masks of one size: the model's answer, the true one, and what counts neither way. */
export type AnswerMasks = { readonly said: Region; readonly wanted: Region; readonly ignored: Region | null };

/** A `data:` address of a JPEG. @param photo of the masks' size; without one the ground is grey. */
export async function drawAnswer({ said, wanted, ignored }: AnswerMasks, photo: RgbImage | null): Promise<string> {
  const { width, height } = wanted;
  const scale = Math.min(1, longest / Math.max(width, height));
  const [w, h] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  const small: RgbImage = photo
    ? resizeBilinear(photo, w, h)
    : { width: w, height: h, data: new Uint8Array(3 * w * h).fill(90) };
  const pixels = (region: Region) => pixelsIn(region, [0, 0, width, height]).data;
  const masks = { said: pixels(said), wanted: pixels(wanted), ignored: ignored && pixels(ignored) };
  for (let y = 0; y < h; y++) {
    const row = Math.min(height - 1, Math.floor((y + 0.5) / scale)) * width;
    for (let x = 0; x < w; x++) {
      const at = row + Math.min(width - 1, Math.floor((x + 0.5) / scale));
      const colour = colourOf(masks.said[at]!, masks.wanted[at]!, masks.ignored?.[at] ?? 0);
      if (!colour) continue;
      for (let c = 0; c < 3; c++) {
        const k = 3 * (y * w + x) + c;
        small.data[k] = Math.round(0.45 * small.data[k]! + 0.55 * colour[c]!);
      }
    }
  }
  const jpeg = await encodeJpeg(small, w, h, quality);
  return `data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}`;
}

function colourOf(said: number, wanted: number, ignored: number) {
  if (ignored) return pictureColours.ignored;
  if (said) return wanted ? pictureColours.hit : pictureColours.extra;
  return wanted ? pictureColours.missed : null;
}
