/**
 * @file Uncompressed BMP: 1, 4, 8, 16, 24 and 32 bits, BITFIELDS, bottom-up and top-down, with the headers of
 * OS/2 (12 bytes) and of Windows from version 3 on. libvips has no BMP reader, and microscopes and old
 * cameras write BMP. Source: BITMAPINFOHEADER and BITMAPV5HEADER in Microsoft's wingdi.h reference.
 */

export type BmpHeader = {
  width: number;
  height: number;
  topDown: boolean;
  bits: 1 | 4 | 8 | 16 | 24 | 32;
  /** Byte offsets in the file, and bytes of one palette entry. */
  palette: { offset: number; length: number; entrySize: 3 | 4 };
  pixels: number;
  /** Red, green, blue and alpha bits of a 16 or 32 bit pixel; alpha 0 where there is none. */
  masks: [number, number, number, number];
};

const rgb = 0;
const bitfields = 3;
const alphaBitfields = 6;

/** Throws a plain Error that says what is wrong; the caller adds the file. `head` is the start of the file. */
export function readBmpHeader(head: Uint8Array): BmpHeader {
  if (head.length < 26) throw new Error('the file ends inside its header');
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const infoSize = view.getUint32(14, true);
  if (head.length < 14 + infoSize) throw new Error('the file ends inside its header');
  const old = infoSize === 12;
  const width = old ? view.getUint16(18, true) : view.getInt32(18, true);
  const signedHeight = old ? view.getUint16(20, true) : view.getInt32(22, true);
  const bits = view.getUint16(old ? 24 : 28, true);
  const compression = old ? rgb : view.getUint32(30, true);
  if (width <= 0 || signedHeight === 0) throw new Error(`the header says ${width} x ${signedHeight} pixels`);
  if (![1, 4, 8, 16, 24, 32].includes(bits)) throw new Error(`the header says ${bits} bits a pixel`);
  const masked = (compression === bitfields || compression === alphaBitfields) && (bits === 16 || bits === 32);
  if (compression !== rgb && !masked) throw new Error('it is a compressed BMP, which is not read');

  const masks: BmpHeader['masks'] = bits === 16 ? [0x7c00, 0x3e0, 0x1f, 0] : [0xff0000, 0xff00, 0xff, 0];
  if (masked) {
    // They follow a version-3 header, and are part of every later one; both put them at offset 54.
    const count = infoSize >= 56 || compression === alphaBitfields ? 4 : 3;
    if (head.length < 54 + count * 4) throw new Error('the file ends inside its header');
    for (let i = 0; i < count; i++) masks[i] = view.getUint32(54 + i * 4, true);
  }
  const entrySize = old ? 3 : 4;
  const used = old ? 0 : view.getUint32(46, true);
  const length = bits > 8 ? 0 : Math.min(used || 2 ** bits, 2 ** bits);
  const palette = { offset: 14 + infoSize, length, entrySize } as const;
  const pixels = view.getUint32(10, true);
  const height = Math.abs(signedHeight);
  return { width, height, topDown: signedHeight < 0, bits: bits as BmpHeader['bits'], palette, pixels, masks };
}

/** A channel of a masked pixel, stretched to 0 .. 255; 255 where the mask is empty. */
function channelReader(mask: number): (value: number) => number {
  if (mask === 0) return () => 255;
  const shift = 31 - Math.clz32(mask & -mask);
  const maximum = mask >>> shift;
  return (value) => Math.floor((((value & mask) >>> shift) * 255) / maximum);
}

/**
 * RGBA rows from the top, 4 bytes a pixel. `file` is the whole file; a missing palette entry or missing pixels
 * are errors (plain Error), never black.
 */
export function decodeBmp(file: Uint8Array): { width: number; height: number; rgba: Uint8Array } {
  const header = readBmpHeader(file);
  const { width, height, bits, palette, masks } = header;
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (header.pixels + stride * height > file.length) throw new Error('the file ends before its last pixel');
  const rgba = new Uint8Array(width * height * 4).fill(255);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const readers = masks.map(channelReader);
  for (let y = 0; y < height; y++) {
    const row = header.pixels + (header.topDown ? y : height - 1 - y) * stride;
    let to = y * width * 4;
    for (let x = 0; x < width; x++, to += 4) {
      if (bits === 16 || bits === 32) {
        const value = bits === 16 ? view.getUint16(row + x * 2, true) : view.getUint32(row + x * 4, true);
        for (let c = 0; c < 4; c++) rgba[to + c] = readers[c]!(value);
        continue;
      }
      const entry =
        bits === 24 ? 0 : (file[row + ((x * bits) >> 3)]! >> (8 - bits - ((x * bits) & 7))) & (2 ** bits - 1);
      if (bits < 24 && entry >= palette.length) throw new Error(`a pixel has colour ${entry} of ${palette.length}`);
      const from = bits === 24 ? row + x * 3 : palette.offset + entry * palette.entrySize;
      for (let c = 0; c < 3; c++) rgba[to + c] = file[from + 2 - c]!;
    }
  }
  // Some writers declare alpha and leave it at 0: then it means nothing, and every viewer shows the colours.
  if (masks[3] !== 0 && !rgba.some((value, i) => (i & 3) === 3 && value !== 0)) {
    for (let i = 3; i < rgba.length; i += 4) rgba[i] = 255;
  }
  return { width, height, rgba };
}
