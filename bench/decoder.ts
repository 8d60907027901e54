/**
 * @file Prompts one by one against prompts in batches, on the CPU: the ratio says whether batching gains there. It is
 * why `openSegmenter` sends prompts one by one on the CPU and tries both on other providers.
 */
import { frameOf } from '../src-main/contract/geometry.ts';
import { decoderFeeds } from '../src-main/engine/decoder-feeds.ts';
import { createSession } from '../src-main/engine/onnx-session.ts';
import { editedModel } from '../src-main/engine/packs/edited-model.ts';
import { findPack } from '../src-main/engine/packs/registry.ts';

const prompts = Array.from({ length: 16 }, (_, k) => ({ coords: [60 * k + 40, 500], labels: [1] }));

export async function bench(): Promise<void> {
  const installed = await findPack('mobile-sam');
  if (installed.pack.kind !== 'segmenter') throw new Error('mobile-sam is a segmenter');
  const { segmenter } = installed.pack;
  const session = await createSession(await editedModel(installed, segmenter.decoder), 'cpu');
  const embeddings = { output: { data: new Float32Array(256 * 64 * 64).fill(0.1), dims: [1, 256, 64, 64] } };
  const frame = frameOf(1024, 768, segmenter);
  const { masks, scores } = segmenter.decoder.outputs;
  const timeOf = async (size: number) => {
    const start = performance.now();
    for (let k = 0; k < prompts.length; k += size) {
      const feeds = decoderFeeds(prompts.slice(k, k + size), embeddings, frame, segmenter.decoder);
      await session.run(feeds, [masks, scores]);
    }
    return (performance.now() - start) / prompts.length;
  };
  const sizes = [1, 2, 4, 8, 16];
  const times = new Map<number, number[]>(sizes.map((size) => [size, []]));
  // Interleaved, so that what else the machine does meets all sizes alike; the first round warms up.
  for (let round = 0; round < 6; round++) {
    for (const size of sizes) {
      const time = await timeOf(size);
      if (round > 0) times.get(size)!.push(time);
    }
  }
  const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;
  const single = median(times.get(1)!);
  console.table(
    sizes.map((size) => ({
      'prompts a run': size,
      'ms a prompt': median(times.get(size)!).toFixed(1),
      'against one by one': (median(times.get(size)!) / single).toFixed(2),
    })),
  );
  await session.release();
}
