/**
 * @file The mask colours as people with other colour vision see them: dichromats simulated by Machado, Oliveira and
 * Fernandes (2009, severity 1), differences in Oklab (Ottosson 2020), where 0.02 is just seen side by side.
 */
import { expect, test } from 'vitest';
import { colourOf, maskColours } from '../../src-renderer/document/colours.ts';

type Triple = [number, number, number];

const visions: Record<string, readonly [Triple, Triple, Triple]> = {
  'full colour vision': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const dot = ([a, b, c]: Triple, [x, y, z]: Triple) => a * x + b * y + c * z;
const linear = (hex: string) =>
  [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as Triple;

function oklab(rgb: Triple): Triple {
  const cone = (weights: Triple) => Math.cbrt(dot(weights, rgb));
  const lms: Triple = [
    cone([0.4122214708, 0.5363325363, 0.0514459929]),
    cone([0.2119034982, 0.6806995451, 0.1073969566]),
    cone([0.0883024619, 0.2817188376, 0.6299787005]),
  ];
  return [
    dot([0.2104542553, 0.793617785, -0.0040720468], lms),
    dot([1.9779984951, -2.428592205, 0.4505937099], lms),
    dot([0.0259040371, 0.7827717662, -0.808675766], lms),
  ];
}

function seen(hex: string, vision: string): Triple {
  const clip = (value: number) => Math.min(1, Math.max(0, value));
  return oklab(visions[vision]!.map((row) => clip(dot(row, linear(hex)))) as Triple);
}

const apart = (a: string, b: string, vision: string) =>
  Math.hypot(...seen(a, vision).map((value, at) => value - seen(b, vision)[at]!));

test.each(Object.keys(visions))('with %s all ten stay apart', (vision) => {
  expect(maskColours.length).toBeGreaterThanOrEqual(10);
  for (const [at, a] of maskColours.entries()) {
    for (const b of maskColours.slice(at + 1)) expect(apart(a, b, vision), `${a} ${b}`).toBeGreaterThan(0.06);
  }
});

test.each(Object.keys(visions))('with %s masks that follow each other are farther apart', (vision) => {
  for (let id = 1; id <= 10; id++) {
    expect(apart(colourOf(id), colourOf(id + 1), vision)).toBeGreaterThan(0.075);
  }
});
