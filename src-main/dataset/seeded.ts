/** @file An order that follows from a seed and from what is ordered, not from where it stands. */

/**
 * A number from 0 to 2^32 - 1 for a text, the same for a seed on every machine: FNV-1a over UTF-16 code units, then
 * MurmurHash3's last mix, so that texts that differ in one letter lie far apart.
 */
export function seededKey(seed: number, text: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
