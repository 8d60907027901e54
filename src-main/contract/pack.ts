/**
 * @file pack.json: everything the runtime must know about a model and must not guess. A pack is a folder with
 * this manifest; its files lie beside it or in an npm package.
 */
import { z } from 'zod';
import { llavaSchema } from './pack-llava.ts';
import { segmenterSchema } from './pack-segmenter.ts';

export type { LlavaSpec } from './pack-llava.ts';
export type { SegmenterSpec } from './pack-segmenter.ts';

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
  z.object({ ...header, kind: z.literal('llava-seg'), llava: llavaSchema }),
]);
export type Pack = z.infer<typeof packSchema>;
export type SegmenterPack = Extract<Pack, { kind: 'segmenter' }>;
export type EndpointPack = Extract<Pack, { kind: 'endpoint' }>;
export type LlavaPack = Extract<Pack, { kind: 'llava-seg' }>;
