/** @file The worker: masks in messages, bitmaps and RLE back. Only a start is here, the work lies beside it. */
import { rleOf, runsBox, runsOf } from '../../src-main/contract/rle.ts';
import { cropOfRuns, runsOfCrop } from './crop.ts';
import type { Bounds, FromWorker, MaskEntry, PaintOrder, Rings, ToWorker } from './messages.ts';
import { paint } from './paint.ts';
import { traceCrop } from './rings.ts';
import { emptyRle, type Shapes, shapeOf } from './shapes.ts';

/** What a worker's global scope has of use here; the DOM's types describe a window instead. */
type Scope = {
  postMessage: (message: FromWorker, transfer?: Transferable[]) => void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
};
const scope = self as unknown as Scope;

let shapes: Shapes = new Map();
let canvas: OffscreenCanvas | null = null;

const noRings = (): Rings => ({ xy: new Float32Array(0), starts: new Uint32Array(1) });
const send = (message: FromWorker, transfer: Transferable[] = []) => scope.postMessage(message, transfer);
const sendRings = (request: number, rings: Rings | null) => send({ kind: 'outlined', request, rings });
const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Takes the new list; what is not in it is forgotten. */
function keep(masks: readonly MaskEntry[]): void {
  const next: Shapes = new Map();
  const added = [];
  const damaged = [];
  for (const { rle, ...look } of masks) {
    if (rle === undefined) {
      const shape = shapes.get(look.id);
      if (shape === undefined) continue; // it was damaged, and told so
      shape.look = look;
      next.set(look.id, shape);
      continue;
    }
    try {
      const { shape, index } = shapeOf({ ...look, rle });
      next.set(look.id, shape);
      added.push(index);
    } catch (error) {
      damaged.push({ id: look.id, message: textOf(error) });
    }
  }
  // Small ones on top, where the pointer finds them too.
  shapes = new Map([...next].sort(([, a], [, b]) => b.area - a.area));
  send(
    { kind: 'indexed', masks: added, damaged },
    added.map(({ ends }) => ends.buffer),
  );
}

function drawn(order: PaintOrder): ImageBitmap {
  const { width, height } = order;
  canvas ??= new OffscreenCanvas(width, height);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser gives a worker no canvas to draw masks on.');
  paint(context, shapes.values(), order);
  return canvas.transferToImageBitmap();
}

/** The pixels of a box as RLE of the whole image, with their outline. */
function encode(request: number, width: number, height: number, box: Bounds | null, data: Uint8Array): void {
  if (box === null || !data.includes(1)) {
    send({ kind: 'encoded', request, rle: emptyRle(width, height), rings: noRings() });
    return;
  }
  const rle = rleOf(runsOfCrop(data, box, width, height), height, width);
  const rings = traceCrop({ width: box[2] - box[0], height: box[3] - box[1], data }, box[0], box[1]);
  send({ kind: 'encoded', request, rle, rings }, [rings.xy.buffer, rings.starts.buffer]);
}

function answer(message: ToWorker): void {
  switch (message.kind) {
    case 'masks':
      keep(message.masks);
      return;
    case 'paint': {
      const start = performance.now();
      const bitmap = drawn(message.order);
      send({ kind: 'painted', request: message.request, bitmap, ms: performance.now() - start }, [bitmap]);
      return;
    }
    case 'outline':
      sendRings(message.request, shapes.get(message.id)?.rings ?? null);
      return;
    case 'trace': {
      const runs = runsOf(message.rle);
      const [x, y, width, height] = runsBox(runs, message.rle.size[0]);
      const box: Bounds = [x, y, x + width, y + height];
      sendRings(message.request, width === 0 ? null : traceCrop(cropOfRuns(runs, message.rle.size[0], box), x, y));
      return;
    }
    case 'encode':
      encode(message.request, message.width, message.height, message.box, message.data);
  }
}

scope.onmessage = ({ data }) => {
  try {
    answer(data);
  } catch (error) {
    send({ kind: 'failed', request: 'request' in data ? data.request : -1, message: textOf(error) });
  }
};
