import { describe, expect, test } from 'vitest';
import { endpointSchema } from '../../src-main/contract/pack.ts';
import { conventions, endpointSpecFor, presetFor, questionFor } from '../../src-main/engine/endpoint/conventions.ts';
import { type RawRegion, toBox, toPoint, toRegion } from '../../src-main/engine/endpoint/coordinates.ts';
import { sentSize } from '../../src-main/engine/endpoint/image-size.ts';

describe('the size that is sent', () => {
  const factor28 = { multipleOf: 28, minPixels: 3_136, maxPixels: 1_003_520 };

  // Expected values: qwen_vl_utils.smart_resize(height, width, factor, min_pixels, max_pixels), worked by hand.
  test.each([
    [640, 480, 644, 476], // 22.86 -> 23, 17.14 -> 17
    [70, 70, 56, 56], // 2.5 rounds to the even 2, as in Python, and not to 3
    [98, 98, 112, 112], // 3.5 rounds to the even 4
    [1, 1, 56, 56], // enlarged to the smallest area
    [27, 500, 28, 504],
    [4000, 3000, 1148, 840], // beta = sqrt(12e6 / 1003520): 1156.8 -> 41 x 28, 867.6 -> 30 x 28
    [3000, 4001, 840, 1148],
    [20_000, 100, 14_140, 56], // beta 1.41173: 14167.1 -> 505 x 28, 70.8 -> 2 x 28
  ])('%i x %i with factor 28', (width, height, w, h) => {
    expect(sentSize({ width, height }, factor28)).toEqual({ width: w, height: h });
  });

  test('factor 32 and a longest side', () => {
    expect(sentSize({ width: 640, height: 427 }, conventions['qwen3-vl'].imageRule)).toEqual({
      width: 640,
      height: 416,
    });
    const { imageRule } = conventions.claude;
    expect(sentSize({ width: 3000, height: 1000 }, imageRule)).toEqual({ width: 1568, height: 504 });
    expect(sentSize({ width: 1580, height: 30 }, imageRule)).toEqual({ width: 1568, height: 28 });
    // Within the limits of every side and area: rounded only.
    expect(sentSize({ width: 1000, height: 1000 }, imageRule)).toEqual({ width: 1008, height: 1008 });
  });

  test('a rule without rounding keeps a small image as it is', () => {
    expect(sentSize({ width: 333, height: 17 }, conventions.gemini.imageRule)).toEqual({ width: 333, height: 17 });
  });
});

describe('answer numbers to original pixels', () => {
  const original = { width: 641, height: 427 };
  const frames = { original, sent: { width: 644, height: 420 } };
  const box = (values: [number, number, number, number]): RawRegion['box'] & object => ({ values });

  test('pixels of the sent image scale by each side', () => {
    const { coordinates } = conventions['qwen2.5-vl'];
    const [x1, y1, x2, y2] = toBox(box([64.4, 42, 322, 210]), coordinates, frames)!;
    expect([x1, y1, x2, y2]).toEqual([
      expect.closeTo(64.1, 9),
      expect.closeTo(42.7, 9),
      expect.closeTo(320.5, 9),
      213.5,
    ]);
  });

  test.each([
    ['qwen3-vl', [100, 200, 500, 1000], [64.1, 85.4, 320.5, 427]],
    ['gemini', [200, 100, 1000, 500], [64.1, 85.4, 320.5, 427]],
    ['molmo', [10, 20, 50, 100], [64.1, 85.4, 320.5, 427]],
    ['paligemma', [256, 0, 1024, 512], [0, 106.75, 320.5, 427]],
  ] as const)('%s', (name, values, expected) => {
    const got = toBox(box([...values]), conventions[name].coordinates, frames)!;
    for (const [i, value] of expected.entries()) expect(got[i]).toBeCloseTo(value, 9);
  });

  test('width and height, in both orders, and named sides whatever the order', () => {
    const xywh = { space: 'relative', scale: 1, order: 'xy', boxForm: 'xywh' } as const;
    const square = { original: { width: 100, height: 200 }, sent: { width: 100, height: 200 } };
    expect(toBox(box([0.1, 0.2, 0.3, 0.4]), xywh, square)!.map((v) => Math.round(v * 1e6) / 1e6)).toEqual([
      10, 40, 40, 120,
    ]);
    expect(toBox(box([0.2, 0.1, 0.4, 0.3]), { ...xywh, order: 'yx' }, square)!.map((v) => Math.round(v))).toEqual([
      10, 40, 40, 120,
    ]);
    const named = { values: [0.1, 0.2, 0.4, 0.6] as const, named: 'xyxy' as const };
    expect(toBox(named, { ...xywh, order: 'yx' }, square)!.map((v) => Math.round(v))).toEqual([10, 40, 40, 120]);
  });

  test('corners are sorted, overshoot is clamped, and what is no box is dropped', () => {
    const c = conventions['qwen3-vl'].coordinates;
    const frame = { original: { width: 1000, height: 500 }, sent: { width: 992, height: 512 } };
    expect(toBox(box([900, 800, 100, 200]), c, frame)).toEqual([100, 100, 900, 400]);
    expect(toBox(box([-20, 500, 1020, 1004]), c, frame)).toEqual([0, 250, 1000, 500]);
    for (const bad of [
      [5, 5, 5, 50],
      [5, 5, 50, 5],
      [0, 0, 0, 0],
      [Number.NaN, 1, 2, 3],
      [1, 2, Infinity, 3],
      [1200, 100, 1300, 200],
    ]) {
      expect(toBox(box(bad as [number, number, number, number]), c, frame)).toBeNull();
    }
    expect(toPoint({ values: [1000, 1000] }, c, frame)).toEqual([999.5, 499.5, 1]);
    expect(toPoint({ values: [-30, 500] }, c, frame)).toEqual([0, 250, 1]);
    expect(toPoint({ values: [1500, 500] }, c, frame)).toBeNull();
    expect(
      toRegion({ box: { values: [0, 0, 0, 0] }, points: [{ values: [500, 500] }], label: 'cup' }, c, frame),
    ).toEqual({
      points: [[500, 250, 1]],
      label: 'cup',
    });
  });
});

describe('presets', () => {
  test.each([
    ['qwen2.5vl:7b', 'qwen2.5-vl'],
    ['Qwen/Qwen2.5-VL-7B-Instruct-AWQ', 'qwen2.5-vl'],
    ['Qwen/Qwen2-VL-2B-Instruct', 'qwen2-vl'],
    ['qwen3-vl:8b', 'qwen3-vl'],
    ['qwen/qwen3.5-vl-plus', 'qwen3-vl'],
    ['OpenGVLab/InternVL3_5-8B', 'internvl'],
    ['allenai/Molmo-7B-D-0924', 'molmo'],
    ['allenai/Molmo2-8B', 'molmo2'],
    ['models/gemini-2.5-pro', 'gemini'],
    ['gemma3:12b', 'gemma'],
    ['google/paligemma2-3b-mix-448', 'paligemma'],
    ['zai-org/GLM-4.5V', 'glm-4v'],
    ['glm-4.1v-9b-thinking', 'glm-4v'],
    ['claude-sonnet-4-5', 'claude'],
    ['microsoft/Florence-2-large', 'florence-2'],
    ['openbmb/minicpm-v4.5', 'minicpm-v'],
    ['my-own-model', 'generic'],
  ])('%s is taken for %s', (name, preset) => {
    expect(presetFor(name)).toBe(preset);
  });

  test('every preset makes a spec that the manifest accepts, and asks for the query', () => {
    for (const preset of Object.keys(conventions) as (keyof typeof conventions)[]) {
      const spec = endpointSpecFor('http://localhost:11434/v1', 'm', { preset });
      expect(endpointSchema.parse(spec)).toEqual(spec);
      const question = questionFor(spec, ' what is $& {width} here? ', { width: 644, height: 476 });
      expect(question).toContain('what is $& {width} here?');
      expect(question).not.toContain('{query}');
    }
    const { prompt: _, ...bare } = endpointSpecFor('http://localhost/v1', 'm', { preset: 'claude' });
    expect(questionFor(bare, 'cup', { width: 644, height: 476 })).toMatch(
      /"cup"[\s\S]*pixels[\s\S]*644[\s\S]*476[\s\S]*\[\]/,
    );
    expect(endpointSchema.safeParse({ ...bare, prompt: 'find it' }).success).toBe(false);
  });
});
