/** @file Lists of plain values as pickles: what is written comes back, wherever the file is cut into pieces. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { appended, listEnd, listHead, unpickledList } from '../../../src-main/formats/refcoco/pickle.ts';
import { temporary } from '../coco/project.ts';
import { collect } from '../collect.ts';
import { lacks, runPython } from './python.ts';

const values = [
  ...[null, true, false, 0, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, Number.MAX_SAFE_INTEGER, 0.1, -1e300, '', '사진'],
  ...[[], [[], [1, ['.']]], {}, { a: [{ b: null }], '.': 'a.' }],
  // Longer than the pieces that a file is read in, so that values are cut in every way.
  ...Array.from({ length: 40 }, (_, k) => ({ k, text: 'x'.repeat(3000 + 1777 * k), more: [k + 0.5, 2 ** 40 + k] })),
  { text: 'a.'.repeat(100_000) },
];

async function written(pieces: readonly Uint8Array[]): Promise<string> {
  const file = join(await temporary(), 'list.p');
  await writeFile(file, Buffer.concat(pieces));
  return file;
}

test('values of every kind come back, here and in Python', async () => {
  const file = await written([listHead, ...values.map(appended), listEnd]);
  expect(await collect(unpickledList(file))).toEqual(values);
  expect(await collect(unpickledList(await written([listHead, listEnd])))).toEqual([]);
  if (lacks('pickle')) return;
  const script = 'import json, pickle, sys; print(json.dumps(pickle.load(open(sys.argv[1], "rb"))))';
  expect(await runPython(script, file)).toEqual(values);
});

test.each([
  ['cut within a value', [listHead, appended('abc').subarray(0, -2)], 'too early'],
  ['cut before its end', [listHead, appended(1)], 'too early'],
  ['with something behind it', [listHead, listEnd, appended(1)], 'too early'],
  ['of another kind', [Buffer.from([0x80, 4, 0x5d]), listEnd], 'no pickled list'],
  ['that calls something', [listHead, Buffer.from('cos\nsystem\n'), listEnd], 'the code 99'],
])('a pickle %s is refused', async (_what, pieces, message) => {
  await expect(collect(unpickledList(await written(pieces)))).rejects.toThrow(message);
});
