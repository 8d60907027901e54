/**
 * @file What is asked of the method and what it answers, in pixels of the upright original image
 * (x right, y down, pixel (0, 0) covers [0, 1) x [0, 1)).
 */
import { z } from 'zod';
import { rleSchema } from './mask.ts';

/** [x, y, label]: label 1 is on the target, 0 is off it. */
export const pointSchema = z.tuple([z.number(), z.number(), z.literal([0, 1])]);
export type Point = z.infer<typeof pointSchema>;

/** [x1, y1, x2, y2] with x1 < x2 and y1 < y2. */
export const boxSchema = z
  .tuple([z.number(), z.number(), z.number(), z.number()])
  .refine(([x1, y1, x2, y2]) => x1 < x2 && y1 < y2, { error: 'a box is [x1, y1, x2, y2] with x1 < x2 and y1 < y2' });
export type Box = z.infer<typeof boxSchema>;

/**
 * A similarity map over the image zero-padded to a square at the right and bottom: `values[r * columns + c]`,
 * top-left first. `grid` is [rows, columns]. Paper, Eq. 1.
 */
export const activationSchema = z
  .object({
    grid: z.tuple([z.int().min(1).max(1024), z.int().min(1).max(1024)]),
    values: z.array(z.number()),
  })
  .refine(({ grid, values }) => values.length === grid[0] * grid[1], {
    error: ({ input }) => {
      const { grid, values } = input as { grid: number[]; values: number[] };
      return `a grid of ${grid.join(' x ')} needs ${grid[0]! * grid[1]!} activation values, got ${values.length}`;
    },
  });
export type Activation = z.infer<typeof activationSchema>;

/** One thing that a reasoner pointed at. */
export const regionSchema = z.object({
  box: boxSchema.optional(),
  points: z.array(pointSchema).optional(),
  /** The reasoner's own name for it. Shown to people, never given to the segmenter. */
  label: z.string().optional(),
});
export type Region = z.infer<typeof regionSchema>;

export const profileNames = ['paper', 'default'] as const;
export type ProfileName = (typeof profileNames)[number];

/** Which visual prompts reach the segmenter: the ablation of the paper's Table 4. */
export const promptModes = ['both', 'mask', 'points'] as const;
export type PromptMode = (typeof promptModes)[number];

export const instanceSchema = z.object({
  segmentation: rleSchema,
  /** 0 to 1; how it is made is said in src-main/novo/refined.ts. */
  score: z.number(),
  label: z.string().optional(),
});
export type Instance = z.infer<typeof instanceSchema>;

/** How sure a reasoner was of one similarity map, and what became of it: src-main/novo/confidence.ts. */
export const confidenceSchema = z.object({
  /** Probability of <SEG> where the model said it. */
  segProbability: z.number(),
  /** Mean of the similarity map over S > 0; null where S is empty. */
  similarity: z.number().nullable(),
  /** What the scores of its instances were multiplied with, 0 to 1. */
  factor: z.number(),
});
export type Confidence = z.infer<typeof confidenceSchema>;

export const timingSchema = z.object({
  /** Reading and decoding the image file. */
  decode_ms: z.number(),
  /** Image tensor and image encoder; 0 when the embedding was cached. */
  encode_ms: z.number(),
  /** The reasoner: language model or endpoint. */
  reason_ms: z.number(),
  /** Visual prompts to logits S. */
  segment_ms: z.number(),
  refine_ms: z.number(),
  total_ms: z.number(),
  /** The part of `total_ms` spent inside session runs. */
  onnx_ms: z.number(),
  decoder_calls: z.int(),
});
export type Timing = z.infer<typeof timingSchema>;

export const segmentationSchema = z.object({
  width: z.int(),
  height: z.int(),
  /** S > 0, before refinement. */
  semantic: rleSchema,
  /** After refinement; equal to `semantic` where refinement is off. */
  refined: rleSchema,
  instances: z.array(instanceSchema),
  /** Id of the pack that answered the query; absent where the request brought its own evidence. */
  reasoner: z.string().optional(),
  answer: z.string().optional(),
  /** What people should know of how the masks were made, such as a trained mask decoder that could not be used. */
  notes: z.array(z.string()).optional(),
  /** One a similarity map of the reasoner, in the order of its answer. */
  confidence: z.array(confidenceSchema).optional(),
  timing: timingSchema,
});
export type Segmentation = z.infer<typeof segmentationSchema>;
