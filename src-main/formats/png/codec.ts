/** @file PNG of grey values, 8 or 16 bits (ISO/IEC 15948): what masks need, without a picture library. */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** Values row by row; 16 bits when they are in a Uint16Array. */
export type Grey = { readonly width: number; readonly height: number; readonly data: Uint8Array | Uint16Array };

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export function encodePng({ width, height, data }: Grey): Buffer {
  const size = data.BYTES_PER_ELEMENT;
  const rows = Buffer.alloc(height * (1 + width * size)); // each row begins with its filter, 0 for none
  for (let y = 0, at = 0; y < height; y++) {
    at++;
    for (let x = 0; x < width; x++, at += size) {
      const value = data[y * width + x]!;
      if (size === 2) rows[at] = value >> 8;
      rows[at + size - 1] = value & 255;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8 * size; // then: grey, deflate, filter method 0, not interlaced
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(content.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

/** Reads what `encodePng` writes: grey, no interlacing, rows without a filter. @throws Error for anything else. */
export function decodePng(bytes: Buffer): Grey {
  if (!bytes.subarray(0, 8).equals(signature)) throw new Error('no PNG');
  const chunks = new Map<string, Buffer[]>();
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const body = bytes.subarray(at + 4, at + 8 + length);
    if (bytes.readUInt32BE(at + 8 + length) !== crc32(body)) throw new Error('a damaged chunk');
    const type = body.toString('latin1', 0, 4);
    chunks.set(type, [...(chunks.get(type) ?? []), body.subarray(4)]);
    at += 12 + length;
  }
  const header = chunks.get('IHDR')?.[0];
  if (!header || !chunks.has('IEND')) throw new Error('an incomplete PNG');
  const [width, height, depth, kind] = [header.readUInt32BE(0), header.readUInt32BE(4), header[8]!, header[9]];
  if ((depth !== 8 && depth !== 16) || kind !== 0 || header[12] !== 0) throw new Error('a PNG of another kind');
  const size = depth / 8;
  const rows = inflateSync(Buffer.concat(chunks.get('IDAT') ?? []));
  if (rows.length !== height * (1 + width * size)) throw new Error('a PNG of another size');
  const data = size === 2 ? new Uint16Array(width * height) : new Uint8Array(width * height);
  for (let y = 0, at = 0; y < height; y++) {
    if (rows[at++] !== 0) throw new Error('a row with a filter');
    for (let x = 0; x < width; x++, at += size) {
      data[y * width + x] = size === 2 ? rows.readUInt16BE(at) : rows[at]!;
    }
  }
  return { width, height, data };
}
