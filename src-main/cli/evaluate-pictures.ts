/** @file Small pictures of answers for the HTML report: what was found, missed, and too much. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { decodeImage } from '../engine/image/decode.ts';
import { encodeJpeg } from '../engine/image/encode.ts';
import { type RgbImage, resizeBilinear } from '../engine/image/pillow-resize.ts';
import type { Asked, GroundTruth } from '../evaluate/asked.ts';
import { pictureColours, type Shown } from '../evaluate/html.ts';
import type { Problems } from '../evaluate/problems.ts';
import type { QueryLine } from '../evaluate/report.ts';
import { type Prediction, type RawResult, readResult } from '../evaluate/result.ts';
import { answerMask } from '../evaluate/score.ts';
import { pixelsIn, type Region } from '../metrics/region.ts';

/** Longer side of a picture in pixels, and the JPEG quality that leaves forty of them under a megabyte. */
const longest = 320;
const quality = 72;

/**
 * Pictures of the chosen queries. The results are read a second time, because masks are not kept while they are scored.
 * @param folder where the names of the photos start; a photo that is not there gives a grey picture.
 */
export async function drawAnswers(
  lines: readonly QueryLine[],
  { asked }: GroundTruth,
  results: AsyncIterable<RawResult>,
  folder: string,
  problems: Problems,
): Promise<Map<string, string>> {
  const wanted = new Set(lines.map(({ id }) => id));
  const pictures = new Map<string, string>();
  for await (const { id, value } of results) {
    if (id === null || !wanted.delete(id)) continue;
    const query = asked.get(id)!;
    const prediction = readResult(value, query, () => undefined);
    if (prediction) pictures.set(id, await draw(query, prediction, folder, problems));
    if (wanted.size === 0) break;
  }
  return pictures;
}

export const shownLines = (lines: readonly QueryLine[], pictures: ReadonlyMap<string, string>): Shown[] =>
  lines.map((line) => ({ line, picture: pictures.get(line.id) ?? null }));

async function draw(query: Asked, prediction: Prediction, folder: string, problems: Problems): Promise<string> {
  const { target, ignore } = query.answer();
  const { width, height } = query;
  const scale = Math.min(1, longest / Math.max(width, height));
  const [w, h] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  const photo = await readPhoto(query, folder, problems);
  const small: RgbImage = photo
    ? resizeBilinear(photo, w, h)
    : { width: w, height: h, data: new Uint8Array(3 * w * h).fill(90) };
  const pixels = (region: Region) => pixelsIn(region, [0, 0, width, height]).data;
  const masks = {
    said: pixels(answerMask(prediction, query)),
    wanted: pixels(target),
    ignored: ignore && pixels(ignore),
  };
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

/** The photo by its name, below the folder or its folder `images`; null, and told, where there is none of that size. */
async function readPhoto({ id, fileName, width, height }: Asked, folder: string, problems: Problems) {
  const places = fileName === null ? [] : [join(folder, fileName), join(folder, 'images', fileName)];
  const file = places.find((place) => existsSync(place));
  try {
    if (!file) throw new Error(`${fileName ?? 'a photo without a name'} is not in ${folder} (--images)`);
    const photo = await decodeImage(file);
    if (photo.width === width && photo.height === height) return photo;
    throw new Error(`${file} is ${photo.width} x ${photo.height} pixels, and not ${width} x ${height}`);
  } catch (error) {
    problems.tell('photo', `"${id}" is shown without its photo: ${(error as Error).message}.`);
    return null;
  }
}
