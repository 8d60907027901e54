/** @file Tokens, money and time of questions: worked out before the first answer, measured after it. Pure. */
import type { Prices } from '../contract/generate.ts';

/**
 * Tokens of a text: about four letters each in English and three quarters of a letter in scripts such as Hangul or Han.
 * Right within a third for the tokenizers in use; the first answers replace it.
 */
export function textTokens(text: string): number {
  const dense = text.match(/[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]/g)?.length ?? 0;
  return Math.ceil((text.length - dense) / 4 + dense / 0.75);
}

/** Tokens of a picture: a patch of 28 x 28 pixels each (Qwen2.5-VL), which is about what other families count, too. */
export const imageTokens = (width: number, height: number): number => Math.ceil(width / 28) * Math.ceil(height / 28);

/** Tokens of an answer with so many candidates: a sentence of 25 words, its targets, and the form around it. */
export const answerTokens = (wanted: number): number => 15 + 50 * wanted;

/** Money for tokens; null without prices. */
export const costOf = (inputTokens: number, outputTokens: number, prices: Prices | null): number | null =>
  prices === null ? null : (inputTokens * prices.input + outputTokens * prices.output) / 1e6;

/** Answers so far: sums of tokens, and how long the last ones took. */
export type Measured = {
  readonly answers: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly medianMs: number | null;
};

/** Tokens of one question: the mean of the answers so far, or what was worked out. */
export function perRequest(measured: Measured, estimated: { input: number; output: number }) {
  const { answers, inputTokens, outputTokens } = measured;
  if (answers === 0 || inputTokens + outputTokens === 0) return { ...estimated, measured: false };
  return { input: inputTokens / answers, output: outputTokens / answers, measured: true };
}

/** Seconds that so many questions take, `parallel` at a time; null before the first answer. */
export const secondsFor = (requests: number, medianMs: number | null, parallel: number): number | null =>
  medianMs === null ? null : (Math.ceil(requests / parallel) * medianMs) / 1000;

export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
