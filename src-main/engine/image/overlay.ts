/**
 * @file The picture of a result: the photo at its own size with coloured instances, numbered as in the result,
 * their scores, and the query as a caption below. Made to be put in a slide or a paper as it is.
 */
import { extname } from 'node:path';
import sharp from 'sharp';
import { AppError } from '../../contract/errors.ts';
import type { Mask } from '../../contract/mask.ts';
import { writeAtomic } from '../../files/atomic.ts';
import {
  type Colour,
  type Depth,
  measureDepth,
  paintBox,
  paintInstance,
  paintText,
  type Rectangle,
} from './overlay-paint.ts';
import { renderText } from './overlay-text.ts';
import type { RgbImage } from './pillow-resize.ts';

export type Overlay = {
  /** Masks have the size of the image. `score` is 0 to 1. */
  masks: { mask: Mask; score: number; label?: string }[];
  query?: string;
  answer?: string;
};

/** Okabe and Ito's palette, which stays distinct with every common form of colour blindness. */
const palette: Colour[] = [
  [230, 159, 0],
  [0, 114, 178],
  [0, 158, 115],
  [204, 121, 167],
  [86, 180, 233],
  [213, 94, 0],
  [240, 228, 66],
];
const ink: Colour = [24, 27, 33];
const paper: Colour = [255, 255, 255];
const grey: Colour = [92, 99, 112];

/**
 * Draws the overlay and writes it to `file`, as PNG or, with the extension .jpg or .jpeg, as JPEG. The file
 * appears whole or not at all. Pixels of the photo outside masks and labels are unchanged (PNG). Without masks
 * but with a query the caption says that nothing matches. Errors: `bad-request` for another extension, `io`.
 */
export async function writeOverlay(image: RgbImage, overlay: Overlay, file: string): Promise<void> {
  const extension = extname(file).toLowerCase();
  if (!['.png', '.jpg', '.jpeg'].includes(extension)) {
    throw new AppError('bad-request', `An overlay is a PNG or JPEG file, and ${file} is neither.`, {
      hint: 'Let the name end in .png or .jpg.',
    });
  }
  const { width, height, data } = await drawOverlay(image, overlay);
  const picture = sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false });
  const encoded = extension === '.png' ? picture.png() : picture.jpeg({ quality: 92, chromaSubsampling: '4:4:4' });
  await replaceFile(file, await encoded.toBuffer());
}

/** The picture itself; the photo fills its top, `image.height` rows of it. */
export async function drawOverlay(image: RgbImage, overlay: Overlay): Promise<RgbImage> {
  const { masks } = overlay;
  const side = Math.max(image.width, image.height);
  const caption = await drawCaption(image.width, Math.max(13, side / 46), overlay);
  const canvas = { width: image.width, height: image.height + caption.height, data: new Uint8Array(0) };
  canvas.data = new Uint8Array(canvas.width * canvas.height * 3);
  canvas.data.set(image.data);
  canvas.data.set(caption.data, image.data.length);

  const found = masks.flatMap(({ mask, score }, i) => {
    if (mask.width !== image.width || mask.height !== image.height) {
      throw new Error(`mask ${i + 1} is ${mask.width} x ${mask.height}, the image ${image.width} x ${image.height}`);
    }
    const depth = measureDepth(mask);
    const area = mask.data.reduce((sum, value) => sum + (value === 0 ? 0 : 1), 0);
    return depth === null ? [] : [{ depth, area, score, number: i + 1, colour: palette[i % palette.length]! }];
  });
  const thickness = Math.max(1.5, side / 420);
  // Large ones first, so that what lies on something else stays visible.
  for (const { depth, colour } of found.toSorted((a, b) => b.area - a.area)) {
    paintInstance(canvas, depth, colour, thickness);
  }
  const taken: Rectangle[] = [];
  for (const { depth, score, number, colour } of found) {
    const badge = { depth, taken, colour, number: `${number}`, text: score.toFixed(2), size: Math.max(11, side / 66) };
    await paintBadge(canvas, image, badge);
  }
  return canvas;
}

type Badge = { depth: Depth; taken: Rectangle[]; colour: Colour; number: string; text: string; size: number };

/** A dark pill with the number on a disc of the instance's colour, then label and score. */
async function paintBadge(canvas: RgbImage, image: RgbImage, badge: Badge): Promise<void> {
  const number = await renderText(badge.number, { size: badge.size, bold: true });
  const text = await renderText(badge.text, { size: badge.size });
  const height = Math.round(badge.size * 1.7);
  const disc = Math.max(height, number.width + badge.size * 0.8);
  const width = Math.round(disc + text.width + badge.size * 1.1);
  const box = placeBadge(image, badge, width, height);
  badge.taken.push(box);
  const middle = (part: { height: number }) => box.y + (height - part.height) / 2;
  paintBox(canvas, box, height / 2, ink, 0.86);
  paintBox(canvas, { ...box, width: disc }, height / 2, badge.colour, 1);
  const [red, green, blue] = badge.colour;
  const onDisc = 0.3 * red + 0.59 * green + 0.11 * blue > 120 ? ink : paper;
  paintText(canvas, number, box.x + (disc - number.width) / 2, middle(number), onDisc);
  paintText(canvas, text, box.x + disc + badge.size * 0.4, middle(text), paper);
}

/** On the instance where it is widest if it leaves the shape visible, else beside it; never on another badge if avoidable. */
function placeBadge(image: RgbImage, { depth, taken }: Badge, width: number, height: number): Rectangle {
  const { box, deepest } = depth;
  const inside = { x: deepest.x - width / 2, y: deepest.y - height / 2 };
  const centred = box.x + (box.width - width) / 2;
  const gap = height / 4;
  const beside = [
    { x: centred, y: box.y - height - gap },
    { x: centred, y: box.y + box.height + gap },
    { x: box.x + box.width + gap, y: deepest.y - height / 2 },
    { x: box.x - width - gap, y: deepest.y - height / 2 },
  ];
  const roomy = deepest.depth / 3 > height * 0.9 && width < box.width * 0.8;
  const fits = ({ x, y }: { x: number; y: number }) =>
    x >= 0 &&
    y >= 0 &&
    x + width <= image.width &&
    y + height <= image.height &&
    taken.every((o) => x >= o.x + o.width || x + width <= o.x || y >= o.y + o.height || y + height <= o.y);
  const places = roomy ? [inside, ...beside] : [...beside, inside];
  const place = places.find(fits) ?? inside;
  const clamp = (value: number, limit: number) => Math.round(Math.max(0, Math.min(limit, value)));
  return { x: clamp(place.x, image.width - width), y: clamp(place.y, image.height - height), width, height };
}

/** A strip as wide as the photo; no rows where there is nothing to say. */
async function drawCaption(width: number, size: number, { masks, query, answer }: Overlay): Promise<RgbImage> {
  const maxWidth = Math.max(24, width - 2 * size);
  // Labels stand here and not on the badges, which would hide small objects.
  const labels = masks.flatMap(({ label }, i) => (label ? [`${i + 1} ${shorten(label, 40)}`] : []));
  const small = { colour: grey, bold: false, size: size * 0.85 };
  const lines: { text: string; colour: Colour; bold: boolean; size: number }[] = [];
  if (query) lines.push({ text: shorten(query, 300), colour: ink, bold: true, size });
  if (query && masks.length === 0) lines.push({ ...small, text: 'Nothing in the picture matches.' });
  if (answer) lines.push({ ...small, text: shorten(answer, 500) });
  if (labels.length > 0) lines.push({ ...small, text: shorten(labels.join('  \u00b7  '), 500) });
  const drawn = await Promise.all(
    lines.map(async (line) => ({ ...line, bitmap: await renderText(line.text, { ...line, maxWidth }) })),
  );
  const gap = Math.round(size * 0.7);
  const height = drawn.reduce((sum, { bitmap }) => sum + bitmap.height + gap, drawn.length === 0 ? 0 : gap);
  const strip = { width, height, data: new Uint8Array(width * height * 3).fill(255) };
  let top = gap;
  for (const { bitmap, colour } of drawn) {
    paintText(strip, bitmap, size, top, colour);
    top += bitmap.height + gap;
  }
  return strip;
}

function shorten(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}

async function replaceFile(file: string, content: Uint8Array): Promise<void> {
  await writeAtomic(file, content).catch((cause: unknown) => {
    throw new AppError('io', `${file} could not be written: ${cause instanceof Error ? cause.message : cause}`, {
      hint: 'Check that the folder may be written to and has space left.',
      cause,
    });
  });
}
