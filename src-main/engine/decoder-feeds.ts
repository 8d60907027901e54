/**
 * @file Prompts to decoder inputs and outputs back to masks, as the manifest says. Reference: Segment Anything's
 * ONNX decoder (scripts/export_onnx_model.py, utils/onnx.py); the other conventions are named in contract/pack.ts.
 */
import { AppError } from '../contract/errors.ts';
import type { Frame } from '../contract/geometry.ts';
import type { SegmenterSpec } from '../contract/pack.ts';
import type { SamMasks, SamPrompt } from '../novo/segmenter.ts';
import type { TensorData, TensorValue } from './onnx-session.ts';

type DecoderSpec = SegmenterSpec['decoder'];
type Split = {
  readonly coords: readonly number[];
  readonly labels: readonly number[];
  readonly box: readonly number[];
};

/** Points of a prompt, with the box apart where the decoder has an input for it, and the pad point where it needs one. */
function split(prompt: SamPrompt, spec: DecoderSpec): Split {
  const corner = prompt.labels.indexOf(2);
  if (corner >= 0 && spec.inputs.boxes !== null) {
    const coords = prompt.coords.filter((_, k) => prompt.labels[k >> 1]! < 2);
    return {
      coords,
      labels: prompt.labels.filter((label) => label < 2),
      box: prompt.coords.slice(2 * corner, 2 * corner + 4),
    };
  }
  if (corner < 0 && spec.padPoint) {
    return { coords: [...prompt.coords, 0, 0], labels: [...prompt.labels, -1], box: [] };
  }
  return { coords: prompt.coords, labels: prompt.labels, box: [] };
}

function labelData(labels: readonly number[], type: DecoderSpec['inputs']['pointLabelType']): TensorData {
  switch (type) {
    case 'float32':
      return Float32Array.from(labels);
    case 'int32':
      return Int32Array.from(labels);
    case 'int64':
      return BigInt64Array.from(labels, BigInt);
    case 'uint8':
      throw new AppError('bad-pack', 'Point labels of type uint8 cannot hold -1, the label of the pad point.');
  }
}

/**
 * Prompts that may share a run have the same number of points, a box or none, a mask or none: padding would add
 * tokens and change the answer, and stock decoders have one `has_mask_input` for the whole batch.
 */
function batchKey(prompt: SamPrompt): string {
  return `${prompt.labels.length}/${prompt.labels.includes(2)}/${prompt.mask !== undefined}`;
}

/** Prompts in order, in runs of neighbours that may share one, at most `largest` each. */
export function inBatches(prompts: readonly SamPrompt[], largest: number): SamPrompt[][] {
  const batches: SamPrompt[][] = [];
  for (const prompt of prompts) {
    const last = batches.at(-1);
    if (last && last.length < largest && batchKey(last[0]!) === batchKey(prompt)) last.push(prompt);
    else batches.push([prompt]);
  }
  return batches;
}

/** Inputs of one run for prompts that may share one (see `inBatches`). */
export function decoderFeeds(
  prompts: readonly SamPrompt[],
  embeddings: Readonly<Record<string, TensorValue>>,
  frame: Frame,
  spec: DecoderSpec,
): Record<string, TensorValue> {
  const { inputs } = spec;
  const count = prompts.length;
  const parts = prompts.map((prompt) => split(prompt, spec));
  const points = parts[0]!.labels.length;
  const lead = inputs.pointRank === 4 ? [1, count] : [count];
  const feeds: Record<string, TensorValue> = {
    [inputs.pointCoords]: { data: Float32Array.from(parts.flatMap((part) => part.coords)), dims: [...lead, points, 2] },
    [inputs.pointLabels]: {
      data: labelData(
        parts.flatMap((part) => part.labels),
        inputs.pointLabelType,
      ),
      dims: [...lead, points],
    },
  };
  for (const [input, output] of Object.entries(inputs.embeddings)) feeds[input] = embeddings[output]!;
  if (inputs.boxes !== null) {
    const boxes = parts.filter((part) => part.box.length > 0).flatMap((part) => part.box);
    feeds[inputs.boxes] = { data: Float32Array.from(boxes), dims: [...lead.slice(0, -1), boxes.length / 4, 4] };
  }
  const side = frame.maskSize;
  const hasMask = prompts[0]!.mask !== undefined;
  if (inputs.maskInput !== null) {
    const masks = new Float32Array(count * side * side);
    if (hasMask) prompts.forEach((prompt, k) => void masks.set(prompt.mask!, k * side * side));
    feeds[inputs.maskInput] = { data: masks, dims: [count, 1, side, side] };
  }
  if (inputs.hasMask !== null) {
    const length = inputs.hasMaskPerPrompt ? count : 1;
    feeds[inputs.hasMask] = { data: new Float32Array(length).fill(hasMask ? 1 : 0), dims: [length] };
  }
  if (inputs.imageSize !== null) {
    const size = [frame.height, frame.width];
    feeds[inputs.imageSize.name] = { data: labelData(size, inputs.imageSize.dtype), dims: [2] };
  }
  return feeds;
}

/** One answer a prompt, as views into the decoder's output (no copy). Throws AppError 'bad-pack' on others. */
export function readMasks(masks: TensorValue, scores: TensorValue, count: number, spec: SegmenterSpec): SamMasks[] {
  const { tokens } = spec.decoder.outputs;
  const side = spec.maskSize;
  const pixels = side * side;
  const { data, dims } = masks;
  const isLogits = data instanceof Float32Array && data.length === count * tokens * pixels;
  const isSquare = dims.at(-2) === side && dims.at(-1) === side;
  if (!isLogits || !isSquare || scores.data.length !== count * tokens) {
    throw new AppError('bad-pack', 'The decoder answers with another shape or type than the manifest says.', {
      hint: `Masks [${dims.join(', ')}] in a ${data.constructor.name}, scores [${scores.dims.join(', ')}]; expected ${count} x ${tokens} masks of ${side} x ${side} logits, float32.`,
    });
  }
  return Array.from({ length: count }, (_, prompt) => ({
    logits: Array.from({ length: tokens }, (_, token) => {
      const start = (prompt * tokens + token) * pixels;
      return data.subarray(start, start + pixels);
    }),
    iou: Array.from({ length: tokens }, (_, token) => Number(scores.data[prompt * tokens + token])),
  }));
}
