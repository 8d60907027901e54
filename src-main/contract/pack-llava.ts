/**
 * @file The part of pack.json about a `llava-seg` reasoner: a vision-language model (LLaVA's layout) that answers in words
 * and says <SEG> for what is to be segmented. Written by training/novo_train/export.
 */
import { z } from 'zod';
import { decoderSchema } from './pack-segmenter.ts';

const graph = z.object({ file: z.string(), input: z.string(), output: z.string() });
const tokenId = z.int().nonnegative();

/** Names of the key/value cache's tensors, a layer each: `past.{layer}.key`. */
const cacheNames = z.object({
  key: z.string().includes('{layer}', { error: 'must contain {layer}' }),
  value: z.string().includes('{layer}', { error: 'must contain {layer}' }),
});

export const languageModelSchema = z.object({
  file: z.string(),
  inputs: z.object({
    /** float32 [1, t, hiddenSize]. */
    embeddings: z.string(),
    /** int64 [1, t], counted from 0 over prompt and answer; null where the graph counts by itself. */
    positionIds: z.string().nullable(),
    /** int64 [1, past + t] of ones; null where the graph needs none. */
    attentionMask: z.string().nullable(),
  }),
  outputs: z.object({
    /** float32 [1, any, vocabulary]: of the last position, or of several with the last one last. */
    logits: z.string(),
    /** float32 [1, t, stateSize]: hidden states after the final norm, or what the graph's projection makes of them. */
    hidden: z.string(),
  }),
  /** Keys and values, [1, heads, tokens, headSize] each: `past` goes in, `present` (longer by t) comes out. */
  cache: z.object({
    layers: z.int().positive(),
    /** Key/value heads: fewer than the model's heads where queries share them. */
    heads: z.int().positive(),
    headSize: z.int().positive(),
    dtype: z.enum(['float32', 'float16']),
    past: cacheNames,
    present: cacheNames,
  }),
});

export const llavaSchema = z.object({
  /** What the model knows, for people: shown where a query is put to it. */
  domain: z.string().min(1).max(1000),
  tokenizer: z.object({
    /** tokenizer.json of Hugging Face's tokenizers. */
    file: z.string(),
    config: z.string().nullable(),
    /** Whether the tokenizer adds its own special tokens (such as <s>); false where `template` holds them. */
    addSpecialTokens: z.boolean(),
  }),
  /** The prompt: `{query}` and the image token's text once each, the image before some text. The answer follows it. */
  template: z.string(),
  imageToken: z.object({ text: z.string().min(1), id: tokenId }),
  segToken: z.object({
    text: z.string().min(1),
    id: tokenId,
    /** Added to its logit before a token is chosen. Below 0: where the model is unsure, nothing matches. */
    bias: z.number().optional(),
  }),
  /** Tokens that end an answer. */
  endTokens: z.array(tokenId).min(1),
  /** Most tokens of prompt (with the image's) and answer together. */
  contextLength: z.int().positive(),
  maxNewTokens: z.int().positive(),
  /** Size of the embeddings. */
  hiddenSize: z.int().positive(),
  /** Size of the states that are compared, where the graph projects them after the final norm; `hiddenSize` when absent. */
  stateSize: z.int().positive().optional(),
  /** The photo: longest side to `size`, at the top left of a square of that size, NCHW float32. */
  image: z.object({
    size: z.int().positive(),
    channels: z.enum(['RGB', 'BGR']),
    /** Value of a white pixel before `mean` and `std` are applied: 255 or 1. */
    range: z.union([z.literal(1), z.literal(255)]),
    /** In units of `range`; null where the graph normalises by itself. */
    normalise: z.object({ mean: z.array(z.number()).length(3), std: z.array(z.number()).length(3) }).nullable(),
    /** Pillow's antialiased filter. */
    resample: z.literal('bilinear'),
    /** The rest of the square: `zero` after normalising (the mean colour), or `black` before it. */
    padding: z.enum(['zero', 'black']),
  }),
  /** Image tokens as [rows, columns] over the padded square; their number is rows x columns. */
  grid: z.tuple([z.int().min(1).max(1024), z.int().min(1).max(1024)]),
  /** pixels [1, 3, size, size] -> features [1, rows x columns, hiddenSize]. */
  vision: graph,
  /** ids int64 [1, t] -> embeddings float32 [1, t, hiddenSize]. */
  embedTokens: graph,
  languageModel: languageModelSchema,
  /** Eq. 1 of the paper is the cosine; READ uses the dot product. */
  similarity: z.enum(['cosine', 'dot']),
  /** Which hidden state stands for <SEG>: `predicting` it (LISA, READ), or `at` its own position. */
  hiddenState: z.enum(['predicting', 'at']),
  /** The mask prompt is gain x similarity + bias; with `level`, 0 at this share of the map's highest similarity. */
  maskPrompt: z.object({
    gain: z.number(),
    bias: z.number(),
    level: z.number().positive().max(1).nullable().default(null),
  }),
  /** How many of the highest and lowest cells become points. */
  points: z.object({ positive: z.int().nonnegative(), negative: z.int().nonnegative() }),
  /** How the scores of its instances fall where the model is unsure: src-main/novo/confidence.ts. Measured for each model. */
  confidence: z
    .object({
      /** Exponent of the probability of <SEG>; 0 leaves it out. */
      segPower: z.number().nonnegative().default(0),
      /** Mean similarity over S that counts nothing, and the one that counts in full; null leaves it out. */
      similarity: z
        .object({ none: z.number(), full: z.number() })
        .refine(({ none, full }) => none < full, { error: 'none must be below full' })
        .nullable()
        .default(null),
      /** An answer whose best score is below this is doubtful: people are told what the model knows. */
      doubtfulBelow: z.number().min(0).max(1).default(0.3),
    })
    .prefault({}),
  /** A mask decoder that was trained with the model, for the image embeddings of the pack `segmenter`. */
  decoder: decoderSchema
    .extend({
      segmenter: z.string().min(1),
      /**
       * Of the default refinement, where they were measured for this decoder: a stock decoder is too sure of its masks, one
       * that was taught what its masks are worth says less. Names and meaning as in src-main/novo/settings.ts.
       */
      thresholds: z
        .object({
          minPredictedIou: z.number().min(0).max(1),
          minOverlap: z.number().min(0).max(1),
          missed: z.number().min(0).max(1),
        })
        .partial()
        .optional(),
    })
    .optional(),
});
export type LlavaSpec = z.infer<typeof llavaSchema>;
