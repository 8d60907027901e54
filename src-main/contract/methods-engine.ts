/** @file Methods on pictures and models: encoding, queries, clicks, masks, and what the engine is doing. */
import { z } from 'zod';
import { rleSchema } from './mask.ts';
import { providerReportSchema } from './provider.ts';
import { idSchema } from './records.ts';
import {
  activationSchema,
  boxSchema,
  instanceSchema,
  pointSchema,
  profileNames,
  promptModes,
  segmentationSchema,
  timingSchema,
} from './segmentation.ts';

/** An image of the open project by its id, or any file by its path, which only callers on the user's behalf may name. */
export const imageRefSchema = z.union([z.strictObject({ id: idSchema }), z.strictObject({ path: z.string().min(1) })], {
  error: 'expected object { "id": 1 }, an image of the open project, or { "path": "photo.jpg" }',
});
export type ImageRef = z.infer<typeof imageRefSchema>;

/** How a similarity map becomes logits; the method's own numbers where it is absent. */
export const maskPromptSchema = z.object({ gain: z.number(), bias: z.number() });

export const segmentInputSchema = z.object({
  image: imageRefSchema,
  /** Id of the segmenter pack. */
  pack: z.string().default('mobile-sam'),
  query: z.string().max(10_000).optional(),
  /** Id of a llava-seg or endpoint pack; absent, the one of the settings or the first that is ready (`reasoners.list`). */
  reasoner: z.string().optional(),
  activation: activationSchema.optional(),
  maskPrompt: maskPromptSchema.optional(),
  points: z.array(pointSchema).max(1000).optional(),
  boxes: z.array(boxSchema).max(1000).optional(),
  profile: z.enum(profileNames).default('default'),
  prompts: z.enum(promptModes).default('both'),
  refine: z.boolean().default(true),
});
export type SegmentInput = z.infer<typeof segmentInputSchema>;

export const clickInputSchema = z.object({
  image: imageRefSchema,
  pack: z.string().default('mobile-sam'),
  points: z.array(pointSchema).max(1000),
  box: boxSchema.optional(),
  /**
   * The mask that the points correct, of the image's size; a coarse version of it is the segmenter's mask prompt. Then
   * negative points alone are enough, and the first answer differs from this mask only in parts that a point lies in:
   * added at positive ones, taken away at negative ones. The model's own answer is the second.
   */
  mask: rleSchema.optional(),
  /** How many masks to answer with. The first is the answer; the others cost time on large photos. */
  candidates: z.int().min(1).max(16).default(4),
});
export type ClickInput = z.infer<typeof clickInputSchema>;

/** What can be done to a mask without a model. `pixels` is a radius for grow and shrink, an area for the others. */
export const maskOperations = ['grow', 'shrink', 'fill-holes', 'drop-specks', 'keep-largest'] as const;
export const maskEditInputSchema = z.object({
  mask: rleSchema,
  operation: z.enum(maskOperations),
  pixels: z.number().min(0).max(1_000_000).default(1),
});
export type MaskEditInput = z.infer<typeof maskEditInputSchema>;

/** One line of what a reasoner did; a step that `continues` goes on with the text of the step before, as it is said. */
export const stepSchema = z.object({
  kind: z.enum(['question', 'answer', 'repair', 'usage', 'note']),
  text: z.string(),
  continues: z.boolean().optional(),
});
export type Step = z.infer<typeof stepSchema>;

export const engineMethods = {
  'image.encode': {
    input: z.object({ image: imageRefSchema, pack: z.string().default('mobile-sam') }),
    output: z.object({ width: z.int(), height: z.int(), cached: z.boolean(), encode_ms: z.number() }),
  },
  'segment.query': { input: segmentInputSchema, output: segmentationSchema, progress: stepSchema },
  'segment.click': {
    input: clickInputSchema,
    /** The mask to show first, then others that the prompt may mean (parts, wholes), best score first. */
    output: z.object({ candidates: z.array(instanceSchema), timing: timingSchema }),
  },
  'mask.edit': { input: maskEditInputSchema, output: z.object({ mask: rleSchema, area: z.int() }) },
  'overlay.write': {
    input: z.object({
      image: imageRefSchema,
      instances: z.array(instanceSchema),
      query: z.string().optional(),
      answer: z.string().optional(),
      file: z.string().min(1),
    }),
    output: z.object({ file: z.string() }),
  },
  'engine.status': {
    input: z.object({}),
    output: z.object({
      pid: z.int(),
      residentBytes: z.number(),
      segmenters: z.array(z.object({ pack: z.string(), provider: providerReportSchema, batchSize: z.int() })),
      embeddings: z.object({ count: z.int(), bytes: z.number() }),
    }),
  },
  'engine.load': {
    input: z.object({ pack: z.string().default('mobile-sam') }),
    output: z.object({ provider: providerReportSchema, batchSize: z.int() }),
  },
} as const;
