/**
 * @file A click on a picture whose embedding is known: the whole answer through the dispatcher and the process border,
 * against the decoder's own time in the same call. The aim is a ratio of at most 1.3
 * for the mask that answers the click; the alternatives that it may mean are shown beside it.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { samplePicture } from '../src-main/cli/doctor.ts';
import { compose } from '../src-main/compose.ts';
import { unwrap } from '../src-main/contract/result.ts';

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

export async function bench(): Promise<void> {
  const data = process.env['NOVO_DATA'] ?? '../shared/data';
  const photo = join(data, 'coco-dev/images/000000000009.jpg');
  const large = join(data, 'photos');
  const pictures = [samplePicture, ...(existsSync(photo) ? [photo] : []), ...(existsSync(large) ? largest(large) : [])];
  const app = compose();
  const rows = [];
  for (const [path, candidates] of pictures.flatMap((picture) => [[picture, 1] as const, [picture, 4] as const])) {
    const ratios: number[] = [];
    const wholes: number[] = [];
    const decoders: number[] = [];
    const { width, height } = unwrap(await app.dispatch('image.encode', { image: { path } }, { trusted: true }));
    for (let k = 0; k < 60; k++) {
      const point: [number, number, 1] = [width * (0.2 + 0.01 * k), height * 0.6, 1];
      const start = performance.now();
      const { timing } = unwrap(
        await app.dispatch('segment.click', { image: { path }, points: [point], candidates }, { trusted: true }),
      );
      const whole = performance.now() - start;
      if (k < 10) continue; // the first calls compile
      wholes.push(whole);
      decoders.push(timing.onnx_ms);
      ratios.push(whole / timing.onnx_ms);
    }
    rows.push({
      picture: `${width} x ${height}`,
      masks: candidates,
      'answer ms': median(wholes).toFixed(1),
      'decoder ms': median(decoders).toFixed(1),
      ratio: median(ratios).toFixed(2),
    });
  }
  app.close();
  console.table(rows);
}

function largest(folder: string): string[] {
  const files = readdirSync(folder).map((name) => join(folder, name));
  return [files.toSorted((a, b) => statSync(b).size - statSync(a).size)[0]!];
}
