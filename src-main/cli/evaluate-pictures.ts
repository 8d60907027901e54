/** @file The pictures of the HTML report: photos are found by their names in a folder. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { drawAnswer } from '../api/evaluate-pictures.ts';
import { decodeImage } from '../engine/image/decode.ts';
import type { Asked, GroundTruth } from '../evaluate/asked.ts';
import type { Shown } from '../evaluate/html.ts';
import type { Problems } from '../evaluate/problems.ts';
import type { QueryLine } from '../evaluate/report.ts';
import { type Prediction, type RawResult, readResult } from '../evaluate/result.ts';
import { answerMask } from '../evaluate/score.ts';

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
  const masks = { said: answerMask(prediction, query), wanted: target, ignored: ignore };
  return drawAnswer(masks, await readPhoto(query, folder, problems));
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
