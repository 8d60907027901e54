import { describe, expect, test } from 'vitest';
import { draftColour, maskColours, promptColours } from '../../src-renderer/document/colours.ts';
import { contrast, tokensOf } from './contrast.ts';

const schemes = ['light', 'dark'] as const;

// [what is read, what it lies on]: every pair that the style sheets use.
const texts: readonly (readonly [string, string])[] = [
  ...['panel', 'raised', 'hover', 'selected', 'canvas', 'bad-soft', 'warn-soft'].map((on) => ['text', on] as const),
  ...['panel', 'raised', 'hover', 'selected', 'canvas'].map((on) => ['text-quiet', on] as const),
  ...['panel', 'raised'].flatMap((on) => ['accent', 'good', 'warn', 'bad'].map((text) => [text, on] as const)),
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
  // Tooltips are the theme turned round.
  ['panel', 'text'],
];
// Borders of fields, focus rings, marks and icons: 3 is enough for what is not read (WCAG 1.4.11).
const parts: readonly (readonly [string, string])[] = [
  ...['panel', 'raised'].map((on) => ['line-strong', on] as const),
  ...['panel', 'raised', 'hover', 'selected', 'canvas'].map((on) => ['focus', on] as const),
  ['accent', 'selected'],
  ['accent', 'line'],
  ['bad', 'bad-soft'],
  ['warn', 'warn-soft'],
  ['good', 'selected'],
  ['warn', 'selected'],
];

describe.each(schemes)('%s theme', (scheme) => {
  const tokens = tokensOf(scheme);
  const colour = (name: string) => {
    const hex = tokens.get(name);
    if (!hex) throw new Error(`tokens.css has no --${name} for ${scheme}`);
    return hex;
  };

  test.each(texts)('text in %s can be read on %s', (text, on) => {
    expect(contrast(colour(text), colour(on))).toBeGreaterThanOrEqual(4.5);
  });

  test.each(parts)('%s stands out from %s', (part, on) => {
    expect(contrast(colour(part), colour(on))).toBeGreaterThanOrEqual(3);
  });

  // A mask's colour is the ring of its chip and its swatch in the lists.
  test.each([...new Set([...maskColours, draftColour])])('mask colour %s stands out in the lists', (hex) => {
    for (const on of ['panel', 'raised']) expect(contrast(hex, colour(on)), on).toBeGreaterThanOrEqual(3);
  });

  test.each(Object.entries(promptColours))('the %s prompt stands out beside the photo', (_name, hex) => {
    expect(contrast(hex, colour('panel'))).toBeGreaterThanOrEqual(3);
  });
});

test('both themes name the same colours', () => {
  expect([...tokensOf('light').keys()]).toEqual([...tokensOf('dark').keys()]);
});

test('the measure itself: black on white is 21, and a known grey on white 4.54', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
});
