/**
 * @file The part of pack.json about a promptable segmenter: image encoder and mask decoder. The fields cover the seven ONNX
 * conventions for SAM models that are in use (Meta, samexporter 1 / 2 / 3, ONNX Runtime, optimum, transformers.js).
 */
import { z } from 'zod';

const tensorType = z.enum(['float32', 'int32', 'int64', 'uint8']);

export const encoderSchema = z.object({
  file: z.string(),
  input: z.string(),
  layout: z.enum(['NCHW', 'CHW', 'NHWC', 'HWC']),
  dtype: z.enum(['float32', 'uint8']),
  channels: z.enum(['RGB', 'BGR']),
  /** Value of a white pixel before `mean` and `std` are applied: 255 or 1. */
  range: z.union([z.literal(1), z.literal(255)]),
  /** In units of `range`; null where the graph normalises by itself. */
  normalise: z.object({ mean: z.array(z.number()).length(3), std: z.array(z.number()).length(3) }).nullable(),
  /** False where the graph pads a smaller image by itself. */
  pad: z.boolean(),
  outputs: z.array(z.string()).min(1),
});

export const decoderSchema = z.object({
  file: z.string(),
  /**
   * Changes made to the graph once, at first load: `outputs` replace the graph's outputs (and cut what only the
   * old ones needed), and the first dimension of the inputs in `freeBatch` becomes variable.
   */
  edit: z.object({ outputs: z.array(z.string()).min(1), freeBatch: z.array(z.string()) }).optional(),
  inputs: z.object({
    /** Decoder input name -> encoder output name. */
    embeddings: z.record(z.string(), z.string()),
    pointCoords: z.string(),
    pointLabels: z.string(),
    pointLabelType: tensorType,
    /** Rank of `pointCoords`: 3 is [prompts, points, 2]; 4 is [1, prompts, points, 2] (optimum). */
    pointRank: z.union([z.literal(3), z.literal(4)]),
    /** Input for boxes [prompts, 4]; null where a box is two points with the labels 2 and 3. */
    boxes: z.string().nullable(),
    /** Logits [prompts, 1, 256, 256]; null where the model takes no mask prompt, and then it cannot run NOVO. */
    maskInput: z.string().nullable(),
    hasMask: z.string().nullable(),
    /** Whether `hasMask` has one value a prompt, or one for the whole batch. */
    hasMaskPerPrompt: z.boolean(),
    /** Original size as [height, width], where the graph asks for it. */
    imageSize: z.object({ name: z.string(), dtype: tensorType }).nullable(),
  }),
  outputs: z.object({
    /** [prompts, tokens, h, w], or [1, prompts, tokens, h, w] with `pointRank` 4. */
    masks: z.string(),
    /** Predicted IoU of each mask, [prompts, tokens]. */
    scores: z.string(),
    kind: z.literal('logits'),
    tokens: z.int().positive(),
    /** Index of the token that SAM trains for unambiguous prompts; null where the graph gives only the others. */
    singleToken: z.int().nullable(),
  }),
  /** Whether the caller must append a point with label -1 where there is no box. */
  padPoint: z.boolean(),
  /** Whether several prompts go in one run. */
  batch: z.boolean(),
});

export const segmenterSchema = z.object({
  family: z.enum(['sam1', 'sam2']),
  /** Side of the square model frame, in pixels. */
  imageSize: z.int().positive(),
  /** Side of the low-resolution mask frame (mask prompt and logits). */
  maskSize: z.int().positive(),
  /** `longest-side` keeps the aspect ratio and pads right and bottom; `square` stretches. */
  resize: z.enum(['longest-side', 'square']),
  encoder: encoderSchema,
  decoder: decoderSchema,
});
export type SegmenterSpec = z.infer<typeof segmenterSchema>;
