/** @file PNG of grey values, 8 or 16 bits, in and out: values as they are, no colour profile has a say. */
import sharp from 'sharp';

/** Values row by row; 16 bits when they are in a Uint16Array. */
export type Grey = { readonly width: number; readonly height: number; readonly data: Uint8Array | Uint16Array };

// Every picture is another one: what sharp keeps of the last ones is of no use.
sharp.cache(false);

/** One channel without gamma, so that no value changes. */
const spaces = { 8: 'b-w', 16: 'grey16' } as const;

export function encodePng({ width, height, data }: Grey): Promise<Buffer> {
  const space = spaces[data instanceof Uint16Array ? 16 : 8];
  // Sizes are those of photos that the project has: its own bound is larger than sharp's.
  const picture = sharp(data, { raw: { width, height, channels: 1 }, limitInputPixels: false });
  return picture.toColourspace(space).png().toBuffer();
}

/** Reads what `encodePng` writes. @throws Error for a damaged picture, or one of another kind. */
export async function decodePng(bytes: Uint8Array): Promise<Grey> {
  const picture = sharp(bytes, { limitInputPixels: false });
  const { format, space, channels, depth } = await picture.metadata();
  const wide = depth === 'ushort';
  if (format !== 'png' || channels !== 1 || space !== spaces[wide ? 16 : 8])
    throw new Error('a picture of another kind');
  const raw = picture.toColourspace(space).raw({ depth: wide ? 'ushort' : 'uchar' });
  const { data, info } = await raw.toBuffer({ resolveWithObject: true });
  const values = wide ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data;
  return { width: info.width, height: info.height, data: values };
}
