/** @file A query that a model behind an endpoint answers: a pack in the data folder, real HTTP, real masks. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Segmentation } from '../../src-main/contract/segmentation.ts';
import { iou } from '../../src-main/mask/boolean.ts';
import { type ChatServer, json, startServer } from '../endpoint/server.ts';
import { drawn, mugBox, sample, sceneSize, temporaryFolder } from '../engine/scene.ts';
import { jsonLines, novo, resultLines } from './command.ts';

/** Qwen3-VL: thousandths of the sides, in a fence. */
const thousandths = ([x1, y1, x2, y2]: readonly number[]) =>
  [x1! / sceneSize.width, y1! / sceneSize.height, x2! / sceneSize.width, y2! / sceneSize.height].map((v) =>
    Math.round(v * 1000),
  );
const boxes = [
  { bbox_2d: thousandths(mugBox), label: 'blue mug' },
  { bbox_2d: thousandths([780, 488, 926, 624]), label: 'white mug' },
];
const found = `These hold a drink:\n\`\`\`json\n${JSON.stringify(boxes)}\n\`\`\``;

let home: string;
let server: ChatServer;
beforeAll(async () => {
  home = await temporaryFolder();
  server = await startServer([found, '```json\n[]\n```', found, json({ error: { message: 'model is loading' } }, 400)]);
  const pack = {
    schema: 1,
    kind: 'endpoint',
    id: 'my-endpoint',
    title: 'Qwen3-VL in a test',
    licence: 'Apache-2.0',
    source: 'a server of the test',
    files: [],
    endpoint: {
      baseUrl: server.baseUrl,
      model: 'qwen3-vl-8b',
      keyVariable: 'NOVO_TEST_KEY',
      coordinates: { space: 'relative', scale: 1000, order: 'xy', boxForm: 'xyxy' },
      imageRule: { multipleOf: 32, minPixels: 65_536, maxPixels: 1_310_720 },
      budget: { maxTokens: 500, maxRounds: 1, maxSeconds: 30 },
    },
  };
  await mkdir(join(home, 'packs', 'my-endpoint'), { recursive: true });
  await writeFile(join(home, 'packs', 'my-endpoint', 'pack.json'), JSON.stringify(pack));
});
afterAll(() => server.close());

const key = { NOVO_TEST_KEY: 'sk-secret-of-the-test' };

test('the boxes of the answer become labelled instances; what was said is shown and the key is not', async () => {
  const args = [
    'segment',
    join(sample, 'scene.jpg'),
    '--query',
    'What could one drink from?',
    '--reasoner',
    'my-endpoint',
  ];
  const { code, stdout, stderr } = await novo(args, { home, env: key });
  expect(code, stderr).toBe(0);
  const { instances, answer, timing } = JSON.parse(stdout) as Segmentation;
  expect(instances.map(({ label }) => label).sort()).toEqual(['blue mug', 'white mug']);
  for (const [label, id] of [
    ['blue mug', 'mug-blue'],
    ['white mug', 'mug-white'],
  ] as const) {
    const { segmentation } = instances.find((each) => each.label === label)!;
    expect(iou(segmentation, await drawn(id))).toBeGreaterThan(0.8);
  }
  expect(answer).toContain('These hold a drink');
  expect(timing.reason_ms).toBeGreaterThan(0);

  expect(server.problems).toEqual([]);
  expect(server.seen[0]).toMatchObject({ model: 'qwen3-vl-8b', authorization: `Bearer ${key.NOVO_TEST_KEY}` });
  expect(server.seen[0]!.turns[0]![1]).toContain('What could one drink from?');
  expect(stderr).toContain('question: ');
  expect(stderr).toContain('answer: ');
  expect(stdout + stderr).not.toContain(key.NOVO_TEST_KEY);
});

test('in a batch, "nothing matches" is an answer, and a refusal of the server costs its line only', async () => {
  const requests = join(home, 'requests.jsonl');
  const out = join(home, 'results.jsonl');
  const ask = (id: string) => ({ id, image: 'scene.jpg', query: 'What could one drink from?' });
  await writeFile(requests, jsonLines([ask('none'), ask('two'), ask('refused')]));
  const args = ['batch', requests, '--root', sample, '--out', out, '--reasoner', 'my-endpoint'];
  const { code, stderr } = await novo(args, { home, env: key });
  const [none, two, refused] = await resultLines(out);
  expect(none).toMatchObject({ id: 'none', instances: [] });
  expect(none!.error).toBeUndefined();
  expect(iou(none!.refined!, none!.semantic!)).toBe(1);
  expect(two!.instances).toHaveLength(2);
  expect(refused).toMatchObject({
    id: 'refused',
    error: { code: 'endpoint', message: expect.stringContaining('model is loading') },
  });
  expect(code).toBe(1);
  expect(stderr).toContain('3 requests, 1 failed');
});
