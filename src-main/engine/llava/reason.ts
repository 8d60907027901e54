/**
 * @file The `llava-seg` reasoner: the model reads photo and query, answers in words, and each <SEG> of the answer becomes a
 * similarity map. Its words are shown to people and never reach the segmenter.
 */
import type { LlavaSpec } from '../../contract/pack.ts';
import type { Activation } from '../../contract/segmentation.ts';
import type { EmbeddingCache } from '../embedding-cache.ts';
import type { Meter } from '../onnx-session.ts';
import type { Step } from '../protocol.ts';
import { generate } from './generate.ts';
import type { LlavaGraphs } from './graphs.ts';
import { type Photo, readImagePart } from './image-part.ts';
import { similarityMap } from './similarity.ts';
import type { LlavaTokenizer } from './tokenizer.ts';

export type LlavaModel = {
  readonly spec: LlavaSpec;
  readonly tokenizer: LlavaTokenizer;
  readonly graphs: LlavaGraphs;
};

export type LlavaAnswer = {
  /** What the model said, without special tokens. */
  readonly answer: string;
  readonly ids: readonly number[];
  /** One a <SEG>, in the order of the answer; none where the model sees no target. `label`: the words before the <SEG>. */
  readonly maps: readonly {
    readonly activation: Activation;
    readonly label: string;
    /** Probability of the <SEG>. */
    readonly probability: number;
    /** t of the paper's Eq. 1, [stateSize]. */
    readonly hidden: Float32Array;
  }[];
};

export type LlavaContext = {
  readonly signal: AbortSignal;
  readonly meter: Meter;
  /** Where the part of the work that is the same for every query on a photo is kept. */
  readonly memory: EmbeddingCache;
  readonly onStep: (step: Step) => void;
};

/** Throws AppError 'bad-request' (query too long) or 'bad-pack', and the signal's reason when cancelled. */
export async function reasonWithLlava(
  { spec, tokenizer, graphs }: LlavaModel,
  photo: Photo,
  query: string,
  context: LlavaContext,
): Promise<LlavaAnswer> {
  const { onStep } = context;
  const start = performance.now();
  const { before, after } = tokenizer.prompt(query);
  onStep({ kind: 'question', text: spec.template.replace('{query}', () => query) });
  const { cache, cells } = await readImagePart(spec, graphs, photo, before, context.memory, context);
  const onToken = streamText(tokenizer, onStep);
  const { ids, segs, cutOff } = await generate(spec, graphs, cache, after, { ...context, onToken });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const end = cutOff ? ' The answer was cut off there, the most that this model may say.' : '';
  onStep({ kind: 'usage', text: `${ids.length} tokens out, ${segs.length} of them <SEG>, in ${seconds} s.${end}` });
  const maps = segs.map(({ at, probability, hidden }, k) => ({
    activation: similarityMap(hidden, cells, spec),
    label: labelOf(tokenizer.text(ids.slice(k > 0 ? segs[k - 1]!.at + 1 : 0, at))),
    probability,
    hidden,
  }));
  return { answer: tokenizer.text(ids), ids, maps };
}

/** Tells each new piece of the answer. A piece that ends within a character, or that the next token rewrites, waits. */
function streamText(tokenizer: LlavaTokenizer, onStep: LlavaContext['onStep']) {
  let told = '';
  return (ids: readonly number[]) => {
    const text = tokenizer.text(ids);
    if (text.length <= told.length || text.endsWith('\ufffd') || !text.startsWith(told)) return;
    onStep({ kind: 'answer', text: text.slice(told.length), ...(told === '' ? {} : { continues: true }) });
    told = text;
  };
}

/** A name for what a <SEG> stands for: the words since the one before it, without "and" and punctuation at the ends. */
export function labelOf(words: string): string {
  const bare = words.replace(/^[\s\p{P}]+|[\s\p{P}]+$/gu, '').replace(/^(and|or|also|,)\s+/i, '');
  return bare.length > 60 ? `${bare.slice(0, 59)}\u2026` : bare;
}
