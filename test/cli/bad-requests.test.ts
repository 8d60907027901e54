/** @file A request line that cannot be answered is one clear error in its place, and the run goes on. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { scene, temporaryFolder } from '../engine/scene.ts';
import { jsonLines, novo, resultLines } from './command.ts';

/** A PNG that claims 30,000 x 30,000 pixels and holds none. */
function forgedHeader(): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.from([0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30, 8, 2, 0, 0, 0]);
  const start = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([start, chunk('IHDR', header), chunk('IDAT', Buffer.alloc(10)), chunk('IEND', Buffer.alloc(0))]);
}

const image = 'scene.jpg';
const points = [[330, 570, 1]];
/** What is wrong: the line, the code, and what the message must name. */
const wrong: [string | object, string, RegExp][] = [
  ['{"id": "cut", "image": "scene.jpg"', 'bad-request', /^Line 2: The line is not JSON/],
  [
    '{"id": "nan", "image": "scene.jpg", "grid": [1, 2], "activation": [NaN, 1]}',
    'bad-request',
    /^Line 3: .*holds NaN/,
  ],
  ['[1, 2]', 'bad-request', /^Line 4: .*expected object/],
  ['null', 'bad-request', /^Line 5: .*expected object/],
  [{ image, points }, 'bad-request', /^Line 6: .*id/],
  [
    { id: 'length', image, grid: [2, 2], activation: [1, 2, 3] },
    'bad-request',
    /2 x 2 needs 4 activation values, and there are 3/,
  ],
  [{ id: 'no map', image, grid: [2, 2] }, 'bad-request', /a grid but no activation/],
  [{ id: 'no grid', image, activation: [1] }, 'bad-request', /an activation but no grid/],
  [
    { id: 'misspelt', image, grid: [1, 1], activaton: [1] },
    'bad-request',
    /Unknown key "activaton": did you mean "activation"\?/,
  ],
  [{ id: 'unknown', image, points, colour: 'red' }, 'bad-request', /Unknown key "colour"\./],
  [{ id: 'nothing', image }, 'bad-request', /nothing to go by/],
  [
    { id: 'both', image, points, grid: [1, 1], activation: [1] },
    'bad-request',
    /either an activation or points and boxes/,
  ],
  [{ id: 'label', image, points: [[1, 2, 5]] }, 'bad-request', /points\[0\]\[2\]/],
  [{ id: 'reversed', image, boxes: [[100, 10, 50, 60]] }, 'bad-request', /boxes\[0\]: a box is .* with x1 < x2/],
  [{ id: 'missing', image: 'no such.jpg', points }, 'not-found', /no such\.jpg/],
  [{ id: 'truncated', image: 'truncated.jpg', points }, 'bad-image', /truncated\.jpg is damaged or incomplete/],
  [{ id: 'empty', image: 'empty.jpg', points }, 'bad-image', /empty\.jpg is empty \(0 bytes\)/],
  [{ id: 'text', image: 'text.jpg', points }, 'bad-image', /text\.jpg/],
  [{ id: 'forged', image: 'forged.png', points }, 'bad-image', /forged\.png .*30000 x 30000/],
  [{ id: 'folder', image: 'album', points }, 'bad-image', /album is a folder/],
  // From here on the picture itself is opened; its embedding is made once.
  [
    { id: 'outside', image, points: [[1281, 20, 1]] },
    'bad-request',
    /\(1281, 20\) is outside the image, which is 1280 x 854/,
  ],
  [{ id: 'box outside', image, boxes: [[2000, 10, 2100, 60]] }, 'bad-request', /\[2000, 10, 2100, 60\] is outside/],
  [
    { id: 'size', image, points, width: 640, height: 427 },
    'bad-request',
    /scene\.jpg has 640 x 427 pixels, and upright it has 1280 x 854/,
  ],
];

test('each names its thing, keeps its id, and the good lines around are answered', async () => {
  const root = await temporaryFolder();
  const photo = await readFile(scene);
  await writeFile(join(root, image), photo);
  await writeFile(join(root, 'truncated.jpg'), photo.subarray(0, photo.length / 2));
  await writeFile(join(root, 'empty.jpg'), '');
  await writeFile(join(root, 'text.jpg'), 'This is a letter, not a picture.');
  await writeFile(join(root, 'forged.png'), forgedHeader());
  await mkdir(join(root, 'album'));
  const requests = join(root, 'requests.jsonl');
  const good = { image, points };
  const lines = [
    { id: 'first', ...good },
    ...wrong.map(([line]) => line),
    { id: 7, ...good, width: 1280, height: 854, meta: { any: 1 } },
  ];
  await writeFile(requests, jsonLines(lines));
  const out = join(root, 'results.jsonl');
  const { code, stdout, stderr } = await novo(['batch', requests, '--out', out], { home: root });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).not.toMatch(/This is a bug|\n +at |engine-crashed/);

  const results = await resultLines(out);
  expect(results).toHaveLength(lines.length);
  expect(results[0]).toMatchObject({ id: 'first', width: 1280, height: 854 });
  expect(results.at(-1)).toMatchObject({ id: 7, width: 1280, height: 854 });
  expect(results.at(-1)!.instances!.length).toBeGreaterThan(0);
  wrong.forEach(([line, code, message], k) => {
    const result = results[k + 1]!;
    const id = typeof line === 'object' ? ((line as { id?: string }).id ?? null) : null;
    expect(result).toEqual({ id, error: expect.objectContaining({ code, message: expect.stringMatching(message) }) });
    // What a person reads while it runs is the same.
    expect(stderr).toContain(result.error!.message);
  });
});
