/**
 * @file What a language model knows after it has read the prompt up to the photo: its cache and the hidden states of the image
 * tokens. Tokens see only what stands before them, so this is the same for every query on a photo. It is kept beside the
 * segmenter's embeddings, under the same bound: the next query reads its own words only.
 */
import type { LlavaSpec } from '../../contract/pack.ts';
import type { EmbeddingCache } from '../embedding-cache.ts';
import type { RgbImage } from '../image/decode.ts';
import type { Meter } from '../onnx-session.ts';
import { type LanguageCache, type LlavaGraphs, stateSize } from './graphs.ts';

export type ImagePart = {
  readonly cache: LanguageCache;
  /** [rows x columns, stateSize], after the final norm: the image tokens I of the paper's Eq. 1. */
  readonly cells: Float32Array;
};

/** A name that no tensor of a cache has. */
const cellsName = '\0cells';

/** The photo of a call: its pixels are only asked for where nothing is remembered. */
export type Photo = {
  /** Of the content and the frames: see embedding-cache.ts. */
  readonly key: string;
  readonly frame: Parameters<EmbeddingCache['set']>[1]['frame'];
  pixels(): Promise<RgbImage>;
};

/** `before` are the ids of the prompt before the photo. */
export async function readImagePart(
  spec: LlavaSpec,
  graphs: LlavaGraphs,
  photo: Photo,
  before: readonly number[],
  memory: EmbeddingCache,
  { signal, meter }: { readonly signal: AbortSignal; readonly meter: Meter },
): Promise<ImagePart> {
  const key = `${photo.key}/${before.join(',')}`;
  const cellCount = spec.grid[0] * spec.grid[1];
  const known = memory.get(key);
  if (known) {
    const { [cellsName]: cells, ...tensors } = known.tensors;
    return { cache: { length: before.length + cellCount, tensors }, cells: cells!.data as Float32Array };
  }
  const image = await photo.pixels();
  signal.throwIfAborted();
  const features = await graphs.features(image, meter);
  signal.throwIfAborted();
  const words = await graphs.embed(before, meter);
  const embeddings = new Float32Array(words.length + features.length);
  embeddings.set(words);
  embeddings.set(features, words.length);
  const { hidden, cache } = await graphs.step(embeddings, graphs.emptyCache, meter);
  const cells = hidden.slice(before.length * stateSize(spec));
  const kept = { data: cells, dims: [1, cellCount, stateSize(spec)] };
  memory.set(key, { tensors: { ...cache.tensors, [cellsName]: kept }, frame: photo.frame });
  return { cache, cells };
}
