/**
 * @file pack.json: everything the runtime must know about a model and must not guess. A pack is a folder with
 * this manifest; its files lie beside it or in an npm package. The fields cover the seven ONNX conventions for
 * SAM models that are in use (Meta, samexporter 1 / 2 / 3, ONNX Runtime, optimum, transformers.js).
 */
import { z } from 'zod';

const tensorType = z.enum(['float32', 'int32', 'int64', 'uint8']);

export const packFileSchema = z.object({
  /** Path inside the pack folder, or inside `package`. POSIX, relative, without `..`. */
  path: z
    .string()
    .regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$))[^\\]+$/, { error: 'must be a relative POSIX path without ".."' }),
  /** npm package that carries the file, where it does not lie in the pack folder. */
  package: z.string().optional(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, { error: 'must be 64 lower-case hexadecimal digits' }),
  /** Bytes. */
  size: z.int().positive(),
});
export type PackFile = z.infer<typeof packFileSchema>;

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

/** How an endpoint's model writes coordinates (one row of the table of conventions in docs/endpoints.md). */
export const coordinateSchema = z.object({
  /** Pixels of the image as sent, or a fraction of its sides times `scale`. */
  space: z.enum(['pixels', 'relative']),
  /** For `relative`: the value of the far edge (1, 100, 999, 1000, 1024). */
  scale: z.number().positive(),
  order: z.enum(['xy', 'yx']),
  boxForm: z.enum(['xyxy', 'xywh']),
});
export type CoordinateConvention = z.infer<typeof coordinateSchema>;

export const imageRuleSchema = z.object({
  /** Both sides are rounded to a multiple of this many pixels before the image is sent; 1 for no rounding. */
  multipleOf: z.int().positive(),
  minPixels: z.int().positive(),
  maxPixels: z.int().positive(),
  /** Longest side in pixels, where the server would shrink a longer one by itself; no limit when absent. */
  maxSide: z.int().positive().optional(),
});
export type ImageRule = z.infer<typeof imageRuleSchema>;

export const endpointSchema = z.object({
  baseUrl: z.url({ protocol: /^https?$/ }),
  model: z.string().min(1),
  /** Name of the environment variable that holds the key; the key itself is never in a file. */
  keyVariable: z.string().optional(),
  coordinates: coordinateSchema,
  imageRule: imageRuleSchema,
  /**
   * The question, with `{query}` for the annotator's text and, where wanted, `{width}` and `{height}` of the image as
   * sent; a question that fits `coordinates` when absent.
   */
  prompt: z
    .string()
    .refine((text) => text.includes('{query}'), { error: 'must contain {query}' })
    .optional(),
  budget: z.object({
    maxTokens: z.int().positive(),
    /** Questions asked for one query, repairs of an unusable answer included. */
    maxRounds: z.int().positive(),
    /** Seconds for the whole query. */
    maxSeconds: z.number().positive(),
  }),
});
export type EndpointSpec = z.infer<typeof endpointSchema>;

const header = {
  /** Version of this format. */
  schema: z.literal(1),
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, { error: 'must be lower-case letters, digits, ".", "_", "-"' }),
  title: z.string().min(1),
  licence: z.string().min(1),
  /** Where the weights come from. */
  source: z.string().min(1),
  files: z.array(packFileSchema),
};

export const packSchema = z.discriminatedUnion('kind', [
  z.object({ ...header, kind: z.literal('segmenter'), segmenter: segmenterSchema }),
  z.object({ ...header, kind: z.literal('endpoint'), endpoint: endpointSchema }),
]);
export type Pack = z.infer<typeof packSchema>;
export type SegmenterPack = Extract<Pack, { kind: 'segmenter' }>;
export type EndpointPack = Extract<Pack, { kind: 'endpoint' }>;
