import { expect, test } from 'vitest';
import { frameOf } from '../../src-main/contract/geometry.ts';
import { type Bits, bitsAbove, common } from '../../src-main/novo/bitmask.ts';
import { type Candidate, candidatesOf, ownFeatures } from '../../src-main/novo/candidate-features.ts';
import { voteFeatures, votesOn } from '../../src-main/novo/candidate-votes.ts';
import { explain } from '../../src-main/novo/explanation.ts';
import type { Answer } from '../../src-main/novo/search.ts';
import { choose, featuresOf, judge } from '../../src-main/novo/selector.ts';
import { selector } from '../../src-main/novo/selector-weights.ts';
import { activationOf, discLogits, empty, rectangle, sam1 } from './scene.ts';

const areaOf = (bits: Bits) => common(bits, bits);
const frame = frameOf(1000, 1000, sam1);
const disc = { x: 100, y: 120, radius: 30 };

/** An answer to a point (mask frame), or to a box where there is none. */
const answer = (logits: readonly Float32Array[], at?: [number, number]): Answer => ({
  prompt: at ? { coords: at.map((v) => 4 * v), labels: [1] } : { coords: [0, 0, 40, 40], labels: [2, 3] },
  masks: { logits, iou: logits.map(() => 0.9) },
  agreement: 0.7,
});
const candidate = (logits: Float32Array, of: Answer): Candidate => {
  const bits = bitsAbove(logits, frame);
  return { logits, bits, area: areaOf(bits), answer: of, features: [] };
};

/** The features of one mask by name, where the map, S and the reference are the disc. */
function seenAs(logits: Float32Array) {
  const activation = activationOf([disc]);
  const s = discLogits([disc]);
  const reference = Uint8Array.from(s, (value) => (value > 0 ? 1 : 0));
  const found = {
    s,
    reference,
    explanation: explain(activation, frame),
    accepted: [],
    answers: [answer([logits, empty()])],
    seen: [],
  };
  const all = candidatesOf(found, s, s, frame);
  return all.map(({ features }) => Object.fromEntries(ownFeatures.map((name, k) => [name, features[k]!])));
}

test('the disc itself is all map inside and none around it; half of it has the other half in the ring', () => {
  const [whole, ...others] = seenAs(discLogits([disc]));
  expect(others).toEqual([]); // the empty mask is no candidate
  expect(whole).toMatchObject({ 'overlap with the reference': 1, 'first S inside': 1, 'second S inside': 1 });
  expect(whole!['log of its part of the reference']).toBeCloseTo(0, 6);
  expect(whole!['map in the ring']).toBeLessThan(0.15);
  expect(whole!['second S in the ring']).toBe(0);
  expect(whole!['largest piece']).toBe(1);
  expect(whole!['at the edge of the image']).toBe(0);
  expect(whole!['agreement of the tokens']).toBe(0.7);
  expect(whole!['asked by a box']).toBe(1);
  const [half] = seenAs(rectangle(70, 90, 100, 150));
  expect(half!['map in the ring']).toBeGreaterThan(whole!['map in the ring']! + 0.1);
  expect(half!['second S in the ring']).toBeGreaterThan(0.2);
});

test('a leak is little of the map inside, and has two pieces where it has', () => {
  const [leak] = seenAs(rectangle(0, 0, 256, 256));
  expect(leak!['map inside']).toBeLessThan(0.2);
  expect(leak!['overlap with the reference']).toBeCloseTo(areaOf(bitsAbove(discLogits([disc]), frame)) / 65_536, 6);
  expect(leak!['at the edge of the image']).toBeCloseTo((10 * (65_536 - 252 * 252)) / 65_536, 6);
  const two = discLogits([disc, { x: 200, y: 200, radius: 30 }]);
  expect(seenAs(two)[0]!['largest piece']).toBeCloseTo(0.5, 2);
});

test('the map counts whatever its gain and bias', () => {
  const s = discLogits([disc]);
  const reference = Uint8Array.from(s, (value) => (value > 0 ? 1 : 0));
  const explanation = explain(activationOf([disc]), frame);
  const found = { s, reference, explanation, accepted: [], answers: [answer([s])], seen: [] };
  const soft = s.map((value) => Math.max(-1, Math.min(1, value / 10)));
  const [a] = candidatesOf(found, s, soft, frame);
  const [b] = candidatesOf(
    found,
    s,
    soft.map((value) => 3 * value - 7),
    frame,
  );
  a!.features.forEach((value, k) => {
    expect(b!.features[k]).toBeCloseTo(value, 4);
  });
});

test('votes: points on a thing bring it back, points on a group bring its parts', () => {
  const left = rectangle(20, 20, 60, 60);
  const right = rectangle(60, 20, 100, 60);
  const group = rectangle(20, 20, 100, 60);
  const [a, b, c] = [answer([left, group], [40, 40]), answer([right], [80, 40]), answer([left], [30, 30])];
  const all = [candidate(left, a), candidate(group, a), candidate(right, b), candidate(left, c)];
  const votes = votesOn(all, frame).map((row) => Object.fromEntries(voteFeatures.map((name, k) => [name, row[k]!])));
  expect(votes[0]).toEqual({ votes: 1, 'votes that confirm': 1, 'log of parts': 0, 'log of wholes': Math.log(2) });
  expect(votes[1]).toMatchObject({ votes: 0.5, 'votes that confirm': 0, 'log of parts': Math.log(4) });
  expect(votes[2]).toMatchObject({ votes: 0.5, 'votes that confirm': 0.5 }); // no other point lies on it
});

test('choosing: best first, nothing that better ones cover mostly, nothing below the least score', () => {
  const of = answer([]);
  const whole = candidate(rectangle(0, 0, 100, 100), of);
  const part = candidate(rectangle(0, 0, 60, 100), of);
  const beside = candidate(rectangle(80, 0, 180, 100), of);
  const limits = { minScore: 0.3, maxInside: 0.5 };
  const chosen = choose([part, whole, beside], [0.5, 0.9, 0.4], limits);
  expect(chosen.map((one) => one.candidate)).toEqual([whole, beside]);
  expect(chosen.map(({ score }) => score)).toEqual([0.9, 0.4]);
  expect(choose([part, whole, beside], [0.95, 0.9, 0.29], limits).map((one) => one.candidate)).toEqual(
    [part, whole].slice(0, 1),
  );
  expect(choose([], [], limits)).toEqual([]);
});

test('the network is tanh(hidden x [features, 1]) x output + offset', () => {
  const network = {
    hidden: [
      [1, -1, 0.5],
      [0, 2, 0],
    ],
    output: [2, -1],
    offset: 0.25,
  };
  const logit = 2 * Math.tanh(0.3 - 0.7 + 0.5) - Math.tanh(1.4) + 0.25;
  expect(judge(network, [0.3, 0.7])).toBeCloseTo(1 / (1 + Math.exp(-logit)), 12);
});

test('the weights are for these features; a whole disc is thought more of than half of it or a leak', () => {
  for (const row of selector.hidden) expect(row).toHaveLength(ownFeatures.length + voteFeatures.length + 1);
  expect(selector.output).toHaveLength(selector.hidden.length);
  const think = (logits: Float32Array) => {
    const activation = activationOf([disc]);
    const s = discLogits([disc]);
    const reference = Uint8Array.from(s, (value) => (value > 0 ? 1 : 0));
    const answers = [answer([logits], [90, 120]), answer([s0()], [105, 120])];
    const found = { s, reference, explanation: explain(activation, frame), accepted: [], answers, seen: [] };
    const candidates = candidatesOf(
      found,
      s,
      s.map((v) => v),
      frame,
    );
    return judge(selector, featuresOf(candidates, frame)[0]!);
  };
  const whole = think(s0());
  expect(whole).toBeGreaterThan(0.5);
  expect(think(rectangle(70, 90, 100, 150))).toBeLessThan(whole);
  expect(think(rectangle(0, 0, 256, 256))).toBeLessThan(0.1);
});

const s0 = () => discLogits([disc]);
