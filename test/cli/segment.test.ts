/** @file `segment`: one picture, one question, one result. */
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import type { Segmentation } from '../../src-main/contract/segmentation.ts';
import { iou } from '../../src-main/mask/boolean.ts';
import { drawn, mugBox, mugPoint, sampleRequest, scene, sceneSize, temporaryFolder } from '../engine/scene.ts';
import { novo } from './command.ts';

let home: string;
beforeAll(async () => {
  home = await temporaryFolder();
});

test('a box gives the mug on stdout, and a picture of it where one is asked for', async () => {
  const overlay = join(home, 'pictures', 'mug.png');
  const { code, stdout, stderr } = await novo(['segment', scene, '--box', mugBox.join(','), '--overlay', overlay], {
    home,
  });
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: expect.stringMatching(/^1 instance in .*, 1 decoder call\)\n$/),
  });
  const result = JSON.parse(stdout) as Segmentation;
  expect(result).toMatchObject(sceneSize);
  expect(iou(result.instances[0]!.segmentation, await drawn('mug-blue'))).toBeGreaterThan(0.85);
  expect(iou(result.refined, result.instances[0]!.segmentation)).toBe(1);

  const { format, width, height } = await sharp(overlay).metadata();
  expect({ format, width }).toEqual({ format: 'png', width: sceneSize.width });
  // The photo, and room for a caption at most.
  expect(height).toBeGreaterThanOrEqual(sceneSize.height);
  expect(height).toBeLessThan(sceneSize.height * 1.3);
  const rows = { left: 0, top: 0, ...sceneSize };
  const [photo, drawing] = await Promise.all(
    [scene, overlay].map((file) => sharp(file).extract(rows).removeAlpha().raw().toBuffer()),
  );
  const [x1, y1, x2, y2] = mugBox;
  let [inside, outside] = [0, 0];
  for (let i = 0; i < photo!.length; i += 3) {
    const [x, y] = [(i / 3) % sceneSize.width, Math.floor(i / 3 / sceneSize.width)];
    const changed = Number(photo!.compare(drawing!, i, i + 3, i, i + 3) !== 0);
    if (x >= x1 && x <= x2 && y >= y1 && y <= y2) inside += changed;
    else if (x < x1 - 60 || x > x2 + 60 || y < y1 - 60 || y > y2 + 60) outside += changed;
  }
  expect(inside).toBeGreaterThan(1000);
  expect(outside).toBe(0);
});

test('points and --out: the result is in the file and stdout stays empty', async () => {
  const out = join(home, 'new', 'folder', 'mug.json');
  const args = ['--point', mugPoint.join(','), '--point', '604,500,0', '--out', out];
  const { code, stdout } = await novo(['segment', scene, ...args], { home });
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  const { instances } = JSON.parse(await readFile(out, 'utf8')) as Segmentation;
  expect(iou(instances[0]!.segmentation, await drawn('mug-blue'))).toBeGreaterThan(0.6);
  expect(instances[0]!.score).toBeGreaterThan(0.5);
});

test('a similarity map from a file: --no-refine and --prompts do what they say, and the paper profile refines', async () => {
  const { activation } = await sampleRequest('refill');
  const file = join(home, 'map.json');
  await writeFile(file, JSON.stringify({ grid: activation!.grid, activation: activation!.values }));
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await novo(['segment', scene, '--activation', file, ...args], { home });
    expect(code, stderr).toBe(0);
    return JSON.parse(stdout) as Segmentation;
  };
  const plain = await run('--no-refine', '--prompts', 'points');
  expect(plain.refined).toEqual(plain.semantic);
  const paper = await run('--profile', 'paper');
  expect(paper.timing.decoder_calls).toBeGreaterThan(plain.timing.decoder_calls);
  expect(paper.timing.refine_ms).toBeGreaterThan(0);
  // Points alone are another prompt than points and mask.
  expect(paper.semantic).not.toEqual(plain.semantic);
  const teapot = await drawn('teapot');
  expect(iou(paper.refined, teapot)).toBeGreaterThan(0.6);
});

test('what cannot be done is one message, without a trace and without output', async () => {
  const copy = join(home, 'scene copy.jpg');
  await copyFile(scene, copy);
  await writeFile(join(home, 'map.txt'), '{ "grid": [2, 2], "activation": [1, NaN, 0, 0] }');
  await writeFile(join(home, 'small.json'), '{ "grid": [2, 2], "activation": [1, 0, 0] }');
  await mkdir(join(home, 'empty'));
  const point = ['--point', mugPoint.join(',')];
  const wrong: [string[], number, string][] = [
    [[copy, '--query', 'What holds tea?'], 2, 'No reasoner is chosen that could answer the query "What holds tea?"'],
    [[copy, '--query', 'What?', '--reasoner', 'nobody'], 1, 'There is no model pack "nobody".'],
    [[copy, '--query', 'What?', '--reasoner', 'mobile-sam'], 2, '"mobile-sam" cannot answer a query'],
    [[copy], 2, 'nothing to go by'],
    [[copy, ...point, '--pack', 'other'], 1, 'There is no model pack "other".\n  Installed packs: mobile-sam.'],
    [[join(home, 'none.jpg'), ...point], 1, 'none.jpg'],
    [[join(home, 'empty'), ...point], 1, 'is a folder, not an image file'],
    [[copy, '--activation', join(home, 'map.txt')], 2, 'map.txt could not be read as JSON'],
    [[copy, '--activation', join(home, 'small.json')], 2, 'needs 4 activation values, got 3'],
    [[copy, ...point, '--overlay', copy], 2, 'take the place of the photo'],
    [[copy, ...point, '--out', join(copy, 'mug.json')], 1, 'mug.json cannot be written: '],
  ];
  const work = async () => {
    for (let next = wrong.shift(); next; next = wrong.shift()) {
      const [args, expected, message] = next;
      const { code, stdout, stderr } = await novo(['segment', ...args], { home });
      expect({ args, code, stdout }, stderr).toEqual({ args, code: expected, stdout: '' });
      expect(stderr).toContain(message);
      expect(stderr).not.toMatch(/This is a bug|\n +at /);
    }
  };
  await Promise.all([work(), work()]);
  expect(await readFile(copy)).toEqual(await readFile(scene));
});
