/**
 * @file Image embeddings in memory, least recently used out first, bounded in bytes. They never leave this process:
 * one of SAM's is 4 MB, and copying it across a border costs more than a decoder call gains.
 */
import type { Frame } from '../contract/geometry.ts';
import type { TensorValue } from './onnx-session.ts';

/** What the encoder made of one image: its outputs by name, and the frames that its prompts live in. */
export type Embedding = { readonly tensors: Readonly<Record<string, TensorValue>>; readonly frame: Frame };

export type EmbeddingCache = {
  get(key: string): Embedding | undefined;
  set(key: string, embedding: Embedding): void;
  readonly bytes: number;
  readonly count: number;
};

/** Keys are made of the hash of the image's content and the pack, so a renamed photo is still known. */
export function embeddingKey(contentHash: string, packId: string): string {
  return `${packId}/${contentHash}`;
}

function sizeOf(embedding: Embedding): number {
  return Object.values(embedding.tensors).reduce((sum, tensor) => sum + tensor.data.byteLength, 0);
}

/** A cache of at most `maxBytes`, except that the newest embedding always stays. */
export function createEmbeddingCache(maxBytes: number): EmbeddingCache {
  const entries = new Map<string, Embedding>();
  let bytes = 0;
  return {
    get(key) {
      const found = entries.get(key);
      if (found) {
        // A Map keeps insertion order: putting it in again makes it the newest.
        entries.delete(key);
        entries.set(key, found);
      }
      return found;
    },
    set(key, embedding) {
      const old = entries.get(key);
      if (old) bytes -= sizeOf(old);
      entries.delete(key);
      entries.set(key, embedding);
      bytes += sizeOf(embedding);
      for (const [oldest, value] of entries) {
        if (bytes <= maxBytes || oldest === key) break;
        entries.delete(oldest);
        bytes -= sizeOf(value);
      }
    },
    get bytes() {
      return bytes;
    },
    get count() {
      return entries.size;
    },
  };
}
