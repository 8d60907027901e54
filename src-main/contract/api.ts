/**
 * @file Every method that a host may call, once: name -> what goes in, what comes out. The dispatcher validates both
 * ways; the page, the command line and the tests are typed from here.
 */
import { z } from 'zod';
import { endpointSchema } from './pack.ts';
import { providerReportSchema } from './provider.ts';
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

/** An image by its path on this machine. Only hosts that run on the user's behalf may name paths. */
export const imageRefSchema = z.object({ path: z.string().min(1) });
export type ImageRef = z.infer<typeof imageRefSchema>;

/** How a similarity map becomes logits; the method's own numbers where it is absent. */
export const maskPromptSchema = z.object({ gain: z.number(), bias: z.number() });

export const segmentInputSchema = z.object({
  image: imageRefSchema,
  /** Id of the segmenter pack. */
  pack: z.string().default('mobile-sam'),
  query: z.string().max(10_000).optional(),
  /** Id of an endpoint pack; without one the evidence must be given below. */
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
  /** How many masks to answer with. The first is the answer; the others cost time on large photos. */
  candidates: z.int().min(1).max(16).default(4),
});
export type ClickInput = z.infer<typeof clickInputSchema>;

const packStateSchema = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.string(),
  licence: z.string(),
  source: z.string(),
  /** Bytes of all files. */
  size: z.number(),
  bundled: z.boolean(),
  folder: z.string(),
  state: z.enum(['ready', 'unverified', 'damaged']),
});

const stepSchema = z.object({ kind: z.enum(['question', 'answer', 'repair', 'usage']), text: z.string() });
const bytesSchema = z.object({ file: z.string(), done: z.number(), total: z.number() });

type Method = {
  readonly input: z.ZodType;
  readonly output: z.ZodType;
  /** What is reported while the call runs. */
  readonly progress?: z.ZodType;
};

export const methods = {
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
  'models.list': {
    input: z.object({}),
    output: z.object({
      packs: z.array(packStateSchema),
      /** Folders whose manifest cannot be used. */
      broken: z.array(z.object({ folder: z.string(), message: z.string() })),
      /** Packs that the catalogue offers. */
      offered: z.array(z.object({ id: z.string(), title: z.string(), licence: z.string(), bytes: z.number() })),
      /** What is wrong with the catalogue. */
      problems: z.array(z.string()),
    }),
  },
  'models.verify': {
    input: z.object({ id: z.string() }),
    output: z.object({ id: z.string(), bytes: z.number() }),
    progress: bytesSchema,
  },
  'models.add': {
    input: z.object({ folder: z.string().min(1), replace: z.boolean().default(false) }),
    output: z.object({ id: z.string(), folder: z.string() }),
    progress: bytesSchema,
  },
  'models.download': {
    input: z.object({ id: z.string(), replace: z.boolean().default(false) }),
    output: z.object({ id: z.string(), folder: z.string() }),
    progress: bytesSchema,
  },
  'endpoint.test': {
    /** The id of an endpoint pack, or an endpoint that is being set up. */
    input: z.object({ endpoint: z.union([z.string(), endpointSchema]) }),
    output: z.object({
      url: z.string(),
      model: z.string(),
      listed: z.boolean().nullable(),
      answer: z.string(),
      ms: z.number(),
    }),
  },
} as const satisfies Record<string, Method>;

export type Methods = typeof methods;
export type MethodName = keyof Methods;
/** As a caller writes it: defaults may be left out. */
export type Input<M extends MethodName> = z.input<Methods[M]['input']>;
/** As a handler gets it: defaults filled in. */
export type Parsed<M extends MethodName> = z.output<Methods[M]['input']>;
export type Output<M extends MethodName> = z.output<Methods[M]['output']>;
export type Progress<M extends MethodName> = Methods[M] extends { progress: infer P extends z.ZodType }
  ? z.output<P>
  : never;
