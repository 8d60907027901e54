import { expect, test } from 'vitest';
import { frameOf } from '../../src-main/contract/geometry.ts';
import { createEmbeddingCache, embeddingKey } from '../../src-main/engine/embedding-cache.ts';

const frame = frameOf(10, 10, { imageSize: 1024, maskSize: 256, resize: 'longest-side' });
/** An embedding of two tensors and `bytes` in all. */
const embedding = (bytes: number) => ({
  frame,
  tensors: {
    a: { data: new Uint8Array(4), dims: [4] },
    b: { data: new Float32Array((bytes - 4) / 4), dims: [(bytes - 4) / 4] },
  },
});
const keysOf = (cache: ReturnType<typeof createEmbeddingCache>, keys: string) =>
  [...keys].filter((key) => cache.get(key) !== undefined).join('');

test('what was used least recently leaves first, and no sooner than it must', () => {
  const cache = createEmbeddingCache(300);
  for (const key of 'abc') cache.set(key, embedding(100));
  expect([cache.bytes, cache.count]).toEqual([300, 3]);
  expect(cache.get('a')).toBeDefined(); // b is the oldest now
  cache.set('d', embedding(100));
  expect([cache.bytes, cache.count]).toEqual([300, 3]);
  expect(keysOf(cache, 'abcd')).toBe('acd');
});

test('a large one pushes out as many as it needs to', () => {
  const cache = createEmbeddingCache(300);
  for (const key of 'abc') cache.set(key, embedding(100));
  cache.set('d', embedding(200));
  expect(keysOf(cache, 'abcd')).toBe('cd');
  expect(cache.bytes).toBe(300);
});

test('the newest stays though it alone is too large, until the next comes', () => {
  const cache = createEmbeddingCache(50);
  cache.set('a', embedding(100));
  expect(cache.get('a')).toBeDefined();
  cache.set('b', embedding(40));
  expect(keysOf(cache, 'ab')).toBe('b');
  expect(cache.bytes).toBe(40);
});

test('the same key again replaces it, counts once and makes it the newest', () => {
  const cache = createEmbeddingCache(300);
  cache.set('a', embedding(100));
  cache.set('b', embedding(100));
  const again = embedding(200);
  cache.set('a', again);
  expect([cache.bytes, cache.count]).toEqual([300, 2]);
  expect(cache.get('a')).toBe(again);
  cache.set('c', embedding(100));
  expect(keysOf(cache, 'abc')).toBe('ac');
});

test('one image has an embedding for each pack', () => {
  expect(embeddingKey('hash', 'mobile-sam')).not.toBe(embeddingKey('hash', 'sam2'));
  expect(embeddingKey('hash', 'sam2')).not.toBe(embeddingKey('other', 'sam2'));
});
