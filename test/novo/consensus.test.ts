import { expect, test } from 'vitest';
import { frameOf } from '../../src-main/contract/geometry.ts';
import { seededRandom } from '../../src-main/metrics/resample.ts';
import { iouOf } from '../../src-main/novo/candidate.ts';
import { consensus } from '../../src-main/novo/consensus.ts';
import { frame, greedy, refine, three } from './greedy.ts';
import { activationOf, discLogits, logitsOf, rectangle, segmenterFrom, sure } from './scene.ts';

const settings = { minIou: 0.85, clip: 2 };
const disc = { x: 120, y: 120, radius: 40 };
/** The disc with an edge that wanders by some pixels, another way for each seed. */
function wavering(seed: number): Float32Array {
  const random = seededRandom(seed);
  const waves = [3, 5, 8, 11].map((n) => ({ n, at: 6.3 * random(), high: 1.5 * random() }));
  return logitsOf((x, y) => {
    const angle = Math.atan2(y - disc.y, x - disc.x);
    const wave = waves.reduce((sum, { n, at, high }) => sum + high * Math.sin(n * angle + at), 0);
    return 3 * (disc.radius + wave - Math.hypot(x - disc.x, y - disc.y));
  });
}

test('the mean of several views of one object has a better border than each of them', () => {
  const views = [1, 2, 3, 4, 5, 6, 7, 8].map(wavering);
  const alone = views.map((view) => iouOf(view, discLogits([disc]), frame));
  for (const view of views) {
    const together = iouOf(consensus(view, views, frame, settings), discLogits([disc]), frame);
    expect(together).toBeGreaterThan(Math.max(...alone));
  }
});

test('a part, a group and another thing have no say', () => {
  const one = wavering(1);
  const others = [
    rectangle(80, 80, 120, 160),
    discLogits([disc, { ...disc, x: 200 }]),
    discLogits([{ ...disc, y: 220 }]),
  ];
  expect(consensus(one, others, frame, settings)).toBe(one);
});

test('one very sure mask does not outvote two others', () => {
  const [narrow, wide] = [38, 41].map((radius) => discLogits([{ ...disc, radius }])) as [Float32Array, Float32Array];
  const loud = narrow.map((logit) => 100 * logit);
  const mean = consensus(wide, [loud, wide.slice()], frame, settings);
  expect(iouOf(mean, wide, frame)).toBeGreaterThan(iouOf(mean, narrow, frame));
});

test('masks of the padding have no say', () => {
  const flat = frameOf(1000, 500, { imageSize: 1024, maskSize: 256, resize: 'longest-side' });
  const one = discLogits([{ x: 60, y: 60, radius: 30 }]);
  const withPadding = one.map((logit, k) => (k >= 130 * 256 ? 5 : logit));
  expect(iouOf(one, withPadding, flat)).toBe(1);
});

test('the search gives an instance the border that its answers agree on', async () => {
  const [first] = three;
  const [wide, narrow] = [1, -1].map((more) => discLogits([{ ...first!, radius: first!.radius + more }]));
  const exact = discLogits([first!]);
  // No token has the border; half of them are too wide, the others too narrow.
  const segmenter = segmenterFrom((prompt) =>
    prompt.mask ? sure(exact) : { logits: [wide!, narrow!, wide!, narrow!], iou: [0.82, 0.82, 0.82, 0.99] },
  );
  const found = await refine(activationOf([first!]), segmenter, { s: exact });
  const before = await refine(activationOf([first!]), segmenter, {
    s: exact,
    settings: { ...greedy, consensus: { minIou: 2, clip: 2 } },
  });
  expect(iouOf(before.instances[0]!.logits, exact, frame)).toBeLessThan(0.95);
  expect(iouOf(found.instances[0]!.logits, exact, frame)).toBeGreaterThan(0.97);
});
