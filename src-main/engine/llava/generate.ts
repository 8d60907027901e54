/**
 * @file Greedy decoding with a key/value cache, and the hidden states that stand for <SEG>.
 */
import type { LlavaSpec } from '../../contract/pack.ts';
import type { Meter } from '../onnx-session.ts';
import { type LanguageCache, type LlavaGraphs, stateSize } from './graphs.ts';

export type Generated = {
  /** Tokens of the answer, without the one that ended it. */
  readonly ids: number[];
  /**
   * For each <SEG>: its place in `ids`, its probability there (without `segToken.bias`), and the hidden state that stands for it (t of the
   * paper's Eq. 1), [stateSize].
   */
  readonly segs: { readonly at: number; readonly probability: number; readonly hidden: Float32Array }[];
  /** The answer reached `maxNewTokens` and was cut off there. */
  readonly cutOff: boolean;
};

export type GenerateOptions = {
  /** Looked at before each run: a run itself cannot be interrupted. */
  readonly signal: AbortSignal;
  readonly meter: Meter;
  /** The answer so far, after each token. */
  readonly onToken?: (ids: readonly number[]) => void;
};

/** Continues a prompt: `cache` holds what was read already, `prompt` are the ids of the rest of it (at least one). */
export async function generate(
  spec: LlavaSpec,
  graphs: LlavaGraphs,
  cache: LanguageCache,
  prompt: readonly number[],
  { signal, meter, onToken }: GenerateOptions,
): Promise<Generated> {
  const read = async (tokens: readonly number[], past: LanguageCache) => {
    signal.throwIfAborted();
    return graphs.step(await graphs.embed(tokens, meter), past, meter);
  };
  const lastOf = (hidden: Float32Array) => hidden.slice(-stateSize(spec));
  const ids: number[] = [];
  const segs: { at: number; probability: number; hidden: Float32Array }[] = [];
  let step = await read(prompt, cache);
  for (;;) {
    const token = chosen(step.logits, spec.segToken);
    if (spec.endTokens.includes(token)) return { ids, segs, cutOff: false };
    const isSeg = token === spec.segToken.id;
    const probability = isSeg ? probabilityOf(step.logits, token) : 0;
    if (isSeg && spec.hiddenState === 'predicting')
      segs.push({ at: ids.length, probability, hidden: lastOf(step.hidden) });
    ids.push(token);
    onToken?.(ids);
    const full = ids.length >= spec.maxNewTokens;
    const needsOwn = isSeg && spec.hiddenState === 'at';
    if (full && !needsOwn) return { ids, segs, cutOff: true };
    step = await read([token], step.cache);
    if (needsOwn) segs.push({ at: ids.length - 1, probability, hidden: lastOf(step.hidden) });
    if (full) return { ids, segs, cutOff: true };
  }
}

/** The likeliest token, <SEG> with its bias (the "logit bias" of chat APIs). `logits` stay as they are: probabilities are of them. */
function chosen(logits: Float32Array, { id, bias = 0 }: LlavaSpec['segToken']): number {
  if (bias === 0) return highest(logits);
  const biased = logits.slice();
  biased[id]! += bias;
  return highest(biased);
}

/** Index of the highest value; of equal ones the first, as torch.argmax has it on the CPU. */
function highest(values: Float32Array): number {
  let best = 0;
  for (let k = 1; k < values.length; k++) if (values[k]! > values[best]!) best = k;
  return best;
}

/** Softmax of `logits` at one place. */
function probabilityOf(logits: Float32Array, token: number): number {
  const own = logits[token]!;
  return 1 / logits.reduce((sum, value) => sum + Math.exp(value - own), 0);
}
