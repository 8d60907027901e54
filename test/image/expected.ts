import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What Pillow and NumPy made of the fixtures; written by test/fixtures/image/make.py. */
type Expected = {
  files: Record<
    string,
    { width: number; height: number; rgb: string; tolerance: number; orientation: number; pages: number }
  >;
  resize: { from: [number, number]; to: [number, number]; sha256: string }[];
  tensors: {
    from: [number, number];
    size: [number, number];
    values: [number, number][];
    sum: number;
    squares: number;
  }[];
};

export const fixtures = join(import.meta.dirname, '../fixtures/image');
export const expected = JSON.parse(readFileSync(join(fixtures, 'expected.json'), 'utf8')) as Expected;
