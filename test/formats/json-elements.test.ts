/** @file The streaming reader agrees with JSON.parse, wherever the file is cut into blocks, and refuses what is no JSON. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { jsonElements } from '../../src-main/formats/json-elements.ts';
import { temporary } from './coco/project.ts';
import { collect } from './collect.ts';

let folder: string;
beforeAll(async () => {
  folder = await temporary();
});

async function read(text: string | Uint8Array): Promise<Record<string, unknown>> {
  const file = join(folder, 'in.json');
  await writeFile(file, text);
  const result: Record<string, unknown> = {};
  for await (const event of jsonElements(file)) {
    if (event.kind === 'array') result[event.key] = [];
    else if (event.kind === 'element') (result[event.key] as unknown[]).push(event.value);
    else result[event.key] = event.value;
  }
  return result;
}

test('values of every kind, spaced and not', async () => {
  const value = {
    info: { a: '"]},{[', 'b\\"': ['\\', '\n'] },
    empty: [],
    list: [1, -2.5e3, 'a,b]', null, true, [[]], {}, { x: [{ y: ']' }] }, '한글 😀'],
    number: 12,
    text: '\\',
    nothing: null,
  };
  expect(await read(JSON.stringify(value))).toEqual(value);
  expect(await read(` \n${JSON.stringify(value, null, '\t')}\r\n`)).toEqual(value);
  expect(await read('{}')).toEqual({});
});

test('elements that lie across blocks', async () => {
  const list = Array.from({ length: 40 }, (_, k) => ({ k, text: '가\\"'.repeat(3000 + 1111 * k) }));
  expect(await read(JSON.stringify({ list, last: list }))).toEqual({ list, last: list });
});

test('a list by itself, under the key that it is given', async () => {
  const list = Array.from({ length: 300 }, (_, k) => ({ k, text: '가'.repeat(1000) }));
  const file = join(folder, 'list.json');
  for (const [text, expected] of [
    [`${JSON.stringify(list)}\n`, list],
    [' []', []],
  ] as const) {
    await writeFile(file, text);
    const events = await collect(jsonElements(file, undefined, { list: 'refs' }));
    expect(events[0]).toEqual({ kind: 'array', key: 'refs' });
    expect(events.slice(1)).toEqual(expected.map((value) => ({ kind: 'element', key: 'refs', value })));
  }
  await writeFile(file, '[1, 2');
  const cut = collect(jsonElements(file, undefined, { list: 'refs' }));
  await expect(cut).rejects.toMatchObject({ code: 'bad-request' });
});

test.each([
  ['', 'ends too early'],
  ['[1]', 'out of place'],
  ['{"a":[1,2]', 'ends too early'],
  ['{"a":[1,]}', 'is not a JSON object'],
  ['{"a":[1 2]}', 'out of place'],
  ['{"a" 1}', 'out of place'],
  ['{"a":1,}', 'out of place'],
  ['{"a":1}x', 'out of place'],
  ['{"a":nul}', 'is not a JSON object'],
  ['{"a":"\u0007"}', 'is not a JSON object'],
  ['\ufeff{"a":1}', 'out of place'],
])('%j is refused', async (text, message) => {
  const expected = { code: 'bad-request', message: expect.stringContaining(message) };
  await expect(read(text)).rejects.toMatchObject(expected);
});

test('text that is not UTF-8 is refused', async () => {
  const bytes = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}')]);
  await expect(read(bytes)).rejects.toMatchObject({ code: 'bad-request' });
});
