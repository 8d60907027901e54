/**
 * @file The order that people expect of file names: 2 before 10, folder by folder, capitals like small letters.
 */

/**
 * A key whose plain order (by code point, as SQLite compares) is the natural order of the paths: a number gets its
 * count of digits in front, so that longer is larger, and `/` comes before every other character, so that a folder
 * stays together. Paths that differ in capitals or leading zeros only have equal keys.
 */
export function naturalKey(path: string): string {
  return path
    .normalize('NFC')
    .toLowerCase()
    .replace(/\d+/g, (digits) => {
      const number = digits.replace(/^0+(?=\d)/, '');
      return `${String(number.length).padStart(3, '0')}${number}`;
    })
    .replaceAll('/', '\u0001');
}

/** For `sort`: natural order, then by code unit, so that the order is the same every time. */
export function byNaturalOrder(a: string, b: string): number {
  const [keyA, keyB] = [naturalKey(a), naturalKey(b)];
  if (keyA !== keyB) return keyA < keyB ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
