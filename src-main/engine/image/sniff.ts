/**
 * @file What a file is, by its first bytes: names lie (a PNG called .jpg is common in scraped datasets), and a
 * decoder should never be offered what is not a photo. SVG and PDF can pull in other files, so they are named
 * and refused here instead of being tried.
 */

export const imageFormats = ['jpeg', 'png', 'webp', 'tiff', 'gif', 'avif', 'bmp'] as const;
export type ImageFormat = (typeof imageFormats)[number];

/** How many bytes of the head `sniffImage` and `readBmpHeader` need. */
export const headLength = 512;

/** The format, or in words what the file is instead. */
export type Sniffed = { format: ImageFormat } | { refused: string; hint: string };

/** Bytes of the header after the file header, one for each version of BMP. */
const bmpHeaderSizes = [12, 40, 52, 56, 64, 108, 124];
const readable = 'JPEG, PNG, WebP, TIFF, BMP, GIF and AVIF';
const convert = 'Convert it to JPEG or PNG and add that file.';

export function sniffImage(head: Uint8Array): Sniffed {
  const text = Buffer.from(head.subarray(0, headLength)).toString('latin1');
  if (text.startsWith('\xff\xd8\xff')) return { format: 'jpeg' };
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return { format: 'png' };
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return { format: 'webp' };
  if (/^(II[*+]\0|MM\0[*+])/.test(text)) return { format: 'tiff' };
  if (/^GIF8[79]a/.test(text)) return { format: 'gif' };
  if (text.slice(4, 8) === 'ftyp') return sniffBoxes(text);
  // Two letters alone are too weak a mark.
  if (text.startsWith('BM') && bmpHeaderSizes.includes(text.charCodeAt(14)) && text.slice(15, 18) === '\0\0\0') {
    return { format: 'bmp' };
  }
  return { refused: describe(text), hint: `Photos can be ${readable}. ${convert}` };
}

/** ISO base media files: the major brand, or a compatible brand, tells AVIF from HEIC and from video. */
function sniffBoxes(text: string): Sniffed {
  const length = text.charCodeAt(2) * 256 + text.charCodeAt(3);
  const brands = text.slice(8, Math.min(length, headLength));
  if (/avif|avis/.test(brands)) return { format: 'avif' };
  if (/heic|heix|hevc|heim|heis|mif1|msf1/.test(brands)) {
    return { refused: 'a HEIC photo, whose codec is patented and not included', hint: convert };
  }
  return { refused: 'a video', hint: 'Take single frames out of it as JPEG or PNG and add those.' };
}

function describe(text: string): string {
  const start = text.replace(/^\xef\xbb\xbf/, '').trimStart();
  if (start.startsWith('%PDF')) return 'a PDF document, not a photo';
  if (/^(<\?xml|<!--|<!doctype svg|<svg)/i.test(start) && /<svg/i.test(text)) return 'an SVG drawing, not a photo';
  if (text.startsWith('version https://git-lfs')) return 'a Git LFS pointer, not the photo itself (run "git lfs pull")';
  if (text.startsWith('8BPS')) return 'a Photoshop document';
  if (/^<(!doctype html|html)/i.test(start)) return 'a web page, not a photo (a failed download?)';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what tells binary from text.
  return /[\x00-\x08\x0e-\x1f]/.test(text) ? 'not in a known image format' : 'text, not a photo';
}
