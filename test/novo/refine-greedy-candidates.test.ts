import { expect, test } from 'vitest';
import { accepted, answering, greedy, refine, shape, three } from './greedy.ts';
import { activationOf, type Disc, discLogits, empty, pixelsOf, rectangle, segmenterFrom, sure } from './scene.ts';

test.each<[string, Float32Array, number]>([
  ['leaks over the whole image', rectangle(0, 0, 256, 256), 0.95],
  ['leaks beyond one disc by a half', rectangle(20, 30, 140, 90), 0.95],
  ['lies where nothing is active', rectangle(200, 200, 250, 250), 0.95],
  ['is empty', empty(), 0.95],
  ['SAM itself does not believe in', discLogits([three[0]!]), 0.5],
])('a candidate that %s is not accepted', async (_, candidate, iou) => {
  expect(await accepted(activationOf(three), answering(candidate, iou))).toEqual([]);
  const { semantic } = await refine(activationOf(three), answering(candidate, iou));
  expect(semantic).toEqual(discLogits(three));
});

test('by thresholds of its own a decoder that is less sure of its masks is believed, or a strict one is not', async () => {
  const answer = answering(discLogits([three[0]!]), 0.65);
  const of = (change: Partial<typeof greedy>) =>
    accepted(activationOf(three), answer, { settings: { ...greedy, ...change } });
  expect(await of({})).toEqual([]);
  expect(await of({ minPredictedIou: 0.6 })).toHaveLength(1);
  expect(await of({ minPredictedIou: 0.6, minOverlap: 1.01 })).toEqual([]);
});

test('the same candidate again is not a second instance', async () => {
  const { instances, semantic } = await refine(activationOf(three), answering(discLogits([three[1]!])));
  expect(instances).toHaveLength(1);
  // What S is sure of stays semantic, though no instance has it.
  const inside = new Set(pixelsOf(semantic));
  for (const { x, y } of three) expect(inside.has(y * 256 + x)).toBe(true);
});

/** The pixels of both masks. */
const together = (a: Float32Array, b: Float32Array) => a.map((logit, k) => Math.max(logit, b[k]!));

test('a candidate that takes a neighbour along beyond the reference is not accepted', async () => {
  const beside = together(discLogits([three[0]!]), rectangle(79, 44, 112, 76)); // a third of it is the neighbour
  expect(await accepted(activationOf(three), answering(beside))).toEqual([]);
  expect(await accepted(activationOf(three), answering(discLogits([three[0]!])))).toHaveLength(1);
});

test('a candidate that leaks where S leaks too is not accepted: the activation does not say so', async () => {
  const leak = rectangle(20, 30, 140, 90);
  const segmenter = segmenterFrom(() => sure(leak));
  const activation = activationOf([three[0]!], [24, 24], 0.05);
  expect(await accepted(activation, segmenter)).toEqual([]);
  const { semantic } = await refine(activation, segmenter);
  expect(pixelsOf(semantic)).toEqual(pixelsOf(leak));
});

test('a candidate that is mostly an instance that is there already is not accepted', async () => {
  const [first, , third] = three as [Disc, Disc, Disc];
  const activation = activationOf([first, third], [24, 24], 0.6);
  const values = activation.values.map((value, k) => (k < 288 ? value : value - 0.05)); // the first one comes first
  const segmenter = segmenterFrom(({ mask, coords }) => {
    if (mask) return sure(discLogits([first, third]));
    return sure(discLogits(coords[1]! < 512 ? [first] : [first, third]));
  });
  const settings = { ...greedy, mapBoxes: [] };
  const instances = await accepted({ ...activation, values }, segmenter, { settings });
  expect(shape(instances)).toEqual(shape([{ logits: discLogits([first]) }]));
  expect(segmenter.prompts.some(({ coords, mask }) => !mask && coords[1]! > 512)).toBe(true);
});

test('what was accepted with a score far below the best does not count as semantic', async () => {
  // Twelve cells of 24 apart: but for what SAM thinks of them they are alike.
  const twins: Disc[] = [
    { x: 60, y: 60, radius: 25 },
    { x: 188, y: 60, radius: 25 },
  ];
  const found = async (minRelativeScore: number) => {
    const segmenter = segmenterFrom(({ mask, coords: [x] }) => {
      if (mask) return sure(discLogits(twins).map((logit) => Math.min(logit, 0.5))); // nowhere sure
      return x! < 512 ? sure(discLogits([twins[0]!]), 0.81) : sure(discLogits([twins[1]!]), 0.95);
    });
    const settings = { ...greedy, minRelativeScore };
    const { semantic } = await refine(activationOf(twins, [24, 24], 0.6), segmenter, { settings });
    return pixelsOf(semantic);
  };
  expect(await found(0.8)).toEqual(pixelsOf(discLogits(twins)));
  expect(await found(0.9)).toEqual(pixelsOf(discLogits([twins[1]!])));
});

test('of several mask tokens the one that explains the activation best is accepted, at any index', async () => {
  const whole = discLogits(three.slice(0, 1));
  const part = discLogits([{ ...three[0]!, radius: 14 }]);
  const leak = rectangle(0, 0, 256, 256);
  for (const logits of [
    [part, leak, whole, leak],
    [whole, part, leak, part],
    [leak, empty(), part, whole],
  ]) {
    const answer = { logits, iou: [0.95, 0.95, 0.95, 0.95] };
    const segmenter = segmenterFrom((prompt) => (prompt.mask ? sure(whole) : answer));
    const { instances } = await refine(activationOf(three.slice(0, 1)), segmenter);
    expect(shape(instances)).toEqual(shape([{ logits: whole }]));
  }
});
