/** @file Colours as #rrggbb. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** 0 to 255 each; what is no #rrggbb is grey, so that a wrong setting does not hide a mask. */
export function rgbOf(colour: string): Rgb {
  if (!/^#[0-9a-f]{6}$/i.test(colour)) return [128, 128, 128];
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
