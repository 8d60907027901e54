import type { RgbImage } from '../../src-main/engine/image/decode.ts';

/** The noise of test/fixtures/image/make.py, so that large inputs need not be stored. */
export function noise(width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  let state = 1;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = state >>> 24;
  }
  return { width, height, data };
}
