import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scenesSchema } from '../../src-main/api/suggestions.ts';
import { activationSchema } from '../../src-main/contract/segmentation.ts';
import { decodeImage } from '../../src-main/engine/image/decode.ts';

const folder = join(import.meta.dirname, '../../resources/sample');

type Line = { id: string; image: string; query: string; grid: [number, number]; activation: number[] };
const lines = readFileSync(join(folder, 'requests.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Line);

test('the bundled picture is small enough to ship and has the size that its requests assume', async () => {
  expect(statSync(join(folder, 'scene.jpg')).size).toBeLessThan(250_000);
  const { width, height } = await decodeImage(join(folder, 'scene.jpg'));
  expect([width, height]).toEqual([1280, 854]);
});

test('each request has a similarity map that is high on its target and low off it and on the padding', () => {
  expect(new Set(lines.map(({ id }) => id)).size).toBe(4);
  for (const { image, query, grid, activation } of lines) {
    expect(image).toBe('scene.jpg');
    expect(query).toMatch(/\?$/);
    activationSchema.parse({ grid, values: activation });
    expect(Math.max(...activation)).toBeGreaterThan(0.4);
    expect(Math.max(...activation)).toBeLessThanOrEqual(0.6);
    // 854 of 1280 rows are picture: 16 rows of cells; from row 18 on there is only padding.
    for (const value of activation.slice(18 * 24)) expect(Math.abs(value + 0.2)).toBeLessThan(0.05);
  }
});

test('the maps point at the right things', () => {
  const at = (id: string, x: number, y: number) =>
    lines.find((line) => line.id === id)!.activation[Math.floor((y / 1280) * 24) * 24 + Math.floor((x / 1280) * 24)]!;
  for (const [x, y] of [
    [178, 530],
    [330, 590],
    [838, 560],
    [470, 710],
  ] as const)
    expect(at('drink', x, y)).toBeGreaterThan(0.1);
  expect(at('drink', 604, 500)).toBeLessThan(0);
  expect(at('healthy-snack', 1040, 480)).toBeGreaterThan(0.1);
  expect(at('healthy-snack', 804, 720)).toBeLessThan(0);
  expect(at('refill', 604, 500)).toBeGreaterThan(0.4);
  expect(at('quiet-hour', 180, 740)).toBeGreaterThan(0.1);
});

test('the pictures of the sample project are small, and each has four to six queries to try, none of them twice', async () => {
  const scenes = scenesSchema.parse(JSON.parse(readFileSync(join(folder, 'scenes.json'), 'utf8')));
  expect(scenes.map(({ file }) => file)).toEqual(Array.from({ length: 8 }, (_, k) => `scene-${k + 1}.jpg`));
  for (const { file, title, credit, suggestions } of scenes) {
    expect(statSync(join(folder, file)).size).toBeLessThan(150_000);
    const { width, height } = await decodeImage(join(folder, file));
    expect(Math.max(width, height)).toBe(1024);
    expect(title).not.toBe('');
    // The drawings' licence asks for it.
    expect(credit).toContain('CC-BY-4.0');
    expect(suggestions.length).toBeGreaterThanOrEqual(4);
    expect(suggestions.length).toBeLessThanOrEqual(6);
    expect(new Set(suggestions).size).toBe(suggestions.length);
  }
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  for (const { credit } of scenes) expect(readme).toContain(/by (.*) \(/.exec(credit)![1]);
});
