/** @file Contrast as WCAG 2.2 computes it, and the tokens of the theme as they are written in its style sheet. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const sheet = readFileSync(join(import.meta.dirname, '../../src-renderer/theme/tokens.css'), 'utf8');

/** Name without dashes -> `#rrggbb`, of one colour scheme. */
export function tokensOf(scheme: 'light' | 'dark'): ReadonlyMap<string, string> {
  const block = sheet.split(`[data-mantine-color-scheme="${scheme}"] {`)[1]?.split('}')[0];
  if (!block) throw new Error(`tokens.css has no block for ${scheme}`);
  return new Map([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map(([, name, hex]) => [name!, hex!]));
}

/** Relative luminance of `#rrggbb`. WCAG 2.2, "relative luminance". */
function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** From 1 (the same) to 21 (black on white). */
export function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}
