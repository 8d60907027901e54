/**
 * @file Photos of a call: found by content, decoded only when something needs the pixels, encoded once.
 */
import { stat } from 'node:fs/promises';
import type { Embedding, EmbeddingCache } from './embedding-cache.ts';
import { embeddingKey } from './embedding-cache.ts';
import { decodeImage, hashFile, type RgbImage } from './image/decode.ts';
import type { OpenSegmenter } from './models.ts';
import type { Meter } from './onnx-session.ts';

/** Hashes of files that were read lately: a click need not read a photo again to know that it is the same. */
const rememberedHashes = 256;

export type Encoded = {
  readonly embedding: Embedding;
  /** SHA-256 of the photo's content. */
  readonly hash: string;
  readonly cached: boolean;
  /** Reading and decoding the file; tensor and encoder. */
  readonly decodeMs: number;
  readonly encodeMs: number;
};

export type Images = {
  /** The embedding of a photo under a model, and the decoded photo where it had to be decoded. */
  encode(
    path: string,
    model: OpenSegmenter,
    meter: Meter,
  ): Promise<{ readonly encoded: Encoded; readonly pixels: RgbImage | undefined }>;
};

export function createImages(cache: EmbeddingCache): Images {
  const hashes = new Map<string, string>();

  /** SHA-256 of the content; remembered for as long as size and times of the file stay the same. */
  async function hashOf(path: string): Promise<string> {
    const found = await stat(path, { bigint: true }).catch(() => null);
    const key = found && `${path}\0${found.size}\0${found.mtimeNs}\0${found.ctimeNs}\0${found.ino}`;
    const known = key === null ? undefined : hashes.get(key);
    if (known) return known;
    const hash = await hashFile(path);
    if (key) hashes.set(key, hash);
    if (hashes.size > rememberedHashes) hashes.delete(hashes.keys().next().value!);
    return hash;
  }

  return {
    async encode(path, model, meter) {
      const start = performance.now();
      const hash = await hashOf(path);
      const key = embeddingKey(hash, model.id);
      const known = cache.get(key);
      if (known) {
        const encoded = { embedding: known, hash, cached: true, decodeMs: performance.now() - start, encodeMs: 0 };
        return { encoded, pixels: undefined };
      }
      const image = await decodeImage(path);
      const decoded = performance.now();
      const embedding = await model.segmenter.encode(image, meter);
      cache.set(key, embedding);
      const encodeMs = performance.now() - decoded;
      return { encoded: { embedding, hash, cached: false, decodeMs: decoded - start, encodeMs }, pixels: image };
    },
  };
}
