/**
 * @file A promptable segmenter (SAM) opened from its pack: image -> embedding -> masks.
 */
import { frameOf } from '../contract/geometry.ts';
import type { SegmenterSpec } from '../contract/pack.ts';
import type { Provider } from '../contract/provider.ts';
import type { Decode, SamMasks, SamPrompt } from '../novo/segmenter.ts';
import { decoderFeeds, inBatches, readMasks } from './decoder-feeds.ts';
import type { Embedding } from './embedding-cache.ts';
import type { RgbImage } from './image/decode.ts';
import { imageTensor } from './image/tensor.ts';
import { createSession, type Meter, type OnnxSession } from './onnx-session.ts';

/** Prompts a run where the provider gains by it; bounds the memory of the decoder's output (1 MB a prompt). */
const largestBatch = 16;

export type Segmenter = {
  readonly spec: SegmenterSpec;
  readonly provider: Provider;
  /** Prompts a run: 1 where batching was not faster when it was tried. */
  readonly batchSize: number;
  encode(image: RgbImage, meter?: Meter): Promise<Embedding>;
  /** The decoder bound to one image. Checks `signal` between runs: a run itself cannot be interrupted. */
  decoder(embedding: Embedding, meter: Meter, signal?: AbortSignal): Decode;
  release(): Promise<void>;
};

/** Opens both graphs on one provider and, where that is not the CPU, runs each once to see that it works. */
export async function openSegmenter(
  spec: SegmenterSpec,
  files: { encoder: string; decoder: string },
  provider: Provider,
  threads?: number,
): Promise<Segmenter> {
  const encoder = await createSession(files.encoder, provider, threads);
  const decoder = await createSession(files.decoder, provider, threads).catch(async (error: unknown) => {
    await encoder.release();
    throw error;
  });
  const release = async () => {
    await encoder.release();
    await decoder.release();
  };
  const encode = (image: RgbImage, meter?: Meter) => encodeImage(encoder, spec, image, meter);
  const bind = (batchSize: number) => decoderOf(decoder, spec, batchSize);
  try {
    const batchSize = await chooseBatchSize(spec, provider, encode, bind);
    return { spec, provider, batchSize, encode, decoder: bind(batchSize), release };
  } catch (error) {
    await release();
    throw error;
  }
}

/** A mask decoder as a function of the image: the segmenter's own, or another one for the same embeddings. */
export function decoderOf(session: OnnxSession, spec: SegmenterSpec, batchSize: number): Segmenter['decoder'] {
  return (embedding, meter, signal) => (prompts) =>
    decodePrompts(session, spec, prompts, embedding, batchSize, meter, signal);
}

async function encodeImage(session: OnnxSession, spec: SegmenterSpec, image: RgbImage, meter?: Meter) {
  const { data, dims } = imageTensor(image, spec);
  const tensors = await session.run({ [spec.encoder.input]: { data, dims } }, spec.encoder.outputs, meter);
  return { tensors, frame: frameOf(image.width, image.height, spec) };
}

async function decodePrompts(
  session: OnnxSession,
  spec: SegmenterSpec,
  prompts: readonly SamPrompt[],
  embedding: Embedding,
  batchSize: number,
  meter: Meter,
  signal?: AbortSignal,
): Promise<SamMasks[]> {
  const { masks, scores } = spec.decoder.outputs;
  const answers: SamMasks[] = [];
  for (const batch of inBatches(prompts, batchSize)) {
    signal?.throwIfAborted();
    const feeds = decoderFeeds(batch, embedding.tensors, embedding.frame, spec.decoder);
    const results = await session.run(feeds, [masks, scores], meter);
    answers.push(...readMasks(results[masks]!, results[scores]!, batch.length, spec));
  }
  return answers;
}

/**
 * On the CPU prompts go one by one: batches were measured to gain nothing there (`npm run bench decoder`). On other
 * providers both ways are timed on a grey image, which is also the trial that tells whether the provider works.
 */
async function chooseBatchSize(
  spec: SegmenterSpec,
  provider: Provider,
  encode: Segmenter['encode'],
  bind: (batchSize: number) => Segmenter['decoder'],
): Promise<number> {
  if (provider === 'cpu') return 1;
  const grey = { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3).fill(128) };
  const embedding = await encode(grey);
  const prompts = Array.from({ length: largestBatch }, (_, k) => ({ coords: [100 + 50 * k, 512], labels: [1] }));
  const time = async (batchSize: number) => {
    const decode = bind(batchSize)(embedding, { onnxMs: 0, runs: 0 });
    await decode(prompts.slice(0, batchSize)); // the first run of a shape compiles kernels
    const start = performance.now();
    await decode(prompts);
    return performance.now() - start;
  };
  const single = await time(1);
  if (!spec.decoder.batch) return 1;
  return (await time(largestBatch)) < single ? largestBatch : 1;
}
