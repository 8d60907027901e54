/**
 * @file Text as a coverage bitmap, in the system's sans-serif font (any script it has), or in strokes of our own
 * where no font is installed.
 */
import sharp, { type Sharp } from 'sharp';
import { strokeLine, wrapStrokes } from './stroke-font.ts';

/** Coverage of each pixel, 0 to 255, row-major. */
export type TextBitmap = { width: number; height: number; coverage: Uint8Array };
export type TextStyle = {
  /** Pixels of one em. */
  size: number;
  bold?: boolean;
  /** Lines break at this width in pixels. */
  maxWidth?: number;
};

// Pango draws a box for a letter without a font, so ink alone proves nothing; but the boxes are all equally wide.
let probe: Promise<boolean> | undefined;
async function hasFont(): Promise<boolean> {
  const [narrow, wide] = await Promise.all(['iiiiii', 'WWWWWW'].map((text) => renderPango(text, { size: 20 })));
  return narrow!.width < wide!.width * 0.8;
}

/** A bitmap of `text`, cropped to its ink or nearly so. Control characters are dropped; empty text is one blank pixel. */
export async function renderText(text: string, style: TextStyle): Promise<TextBitmap> {
  const clean = text.replace(/\p{C}+|\s+/gu, ' ').trim();
  if (clean === '') return { width: 1, height: 1, coverage: new Uint8Array(1) };
  probe ??= hasFont().catch(() => false);
  return (await probe) ? await renderPango(clean, style) : await renderStrokes(clean, style);
}

async function renderPango(text: string, { size, bold, maxWidth }: TextStyle): Promise<TextBitmap> {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const input = { text: escaped, font: `sans ${bold ? 'bold ' : ''}${size}`, dpi: 72, rgba: true } as const;
  const wrapped =
    maxWidth === undefined ? input : { ...input, width: Math.floor(maxWidth), wrap: 'word-char' as const };
  return readCoverage(sharp({ text: wrapped }));
}

async function renderStrokes(text: string, { size, bold, maxWidth }: TextStyle): Promise<TextBitmap> {
  const unit = size / 8;
  const lines = maxWidth === undefined ? [text] : wrapStrokes(text, maxWidth / unit);
  const drawn = lines.map((line) => strokeLine(line));
  const width = Math.ceil((Math.max(...drawn.map((line) => line.width)) + 2) * unit);
  const height = Math.ceil((lines.length * 10 - 1) * unit);
  const paths = drawn.map(({ path }, i) => `<path transform="translate(1 ${1 + i * 10})" d="${path}"/>`).join('');
  const style = `fill="none" stroke="#000" stroke-width="${bold ? 1.1 : 0.8}" stroke-linecap="round" stroke-linejoin="round"`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><g transform="scale(${unit})" ${style}>${paths}</g></svg>`;
  return readCoverage(sharp(Buffer.from(svg)));
}

async function readCoverage(pipeline: Sharp): Promise<TextBitmap> {
  const { data, info } = await pipeline.ensureAlpha().extractChannel(3).raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, coverage: new Uint8Array(data) };
}
