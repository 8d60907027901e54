/**
 * @file The `endpoint` reasoner: a multimodal chat model is asked where the things are that a query means. Its boxes
 * and points become visual prompts; its words are shown to people and never reach the segmenter.
 */
import { AppError } from '../../contract/errors.ts';
import type { EndpointSpec } from '../../contract/pack.ts';
import type { Region } from '../../contract/segmentation.ts';
import { startBudget } from './budget.ts';
import { askChat, type ChatMessage, openClient, targetOf } from './client.ts';
import { describeCoordinates, questionFor } from './conventions.ts';
import { type Frames, looksLikeFractions, toRegion } from './coordinates.ts';
import { quote, type Target, withoutKey } from './failures.ts';
import { sentSize } from './image-size.ts';
import { parseAnswer, splitThinking } from './parse.ts';
import { type Reply, readReply } from './reply.ts';

export type EndpointImage = {
  /** Pixels of the upright original. */
  readonly width: number;
  readonly height: number;
  /** Encodes the upright RGB picture at exactly this size, in pixels. */
  encode(width: number, height: number): Promise<{ data: Uint8Array; mime: 'image/jpeg' | 'image/png' }>;
};

/** One line of what happened, in the order in which it did: for people to read. Never holds the key or the image. */
export type TraceStep = { readonly kind: 'question' | 'answer' | 'repair' | 'usage'; readonly text: string };

export type EndpointAnswer = {
  /** The answer in words: what the model said beside its boxes, or the names it gave to them. */
  readonly answer: string;
  /** In pixels of the upright original. */
  readonly regions: Region[];
  /** The model said that nothing in the image matches. */
  readonly noTarget: boolean;
  readonly trace: TraceStep[];
  readonly usage: { readonly promptTokens: number; readonly completionTokens: number; readonly rounds: number };
};

export type EndpointOptions = {
  signal?: AbortSignal;
  /** Wins over the spec's `keyVariable`. */
  key?: string;
  onTrace?: (step: TraceStep) => void;
};

/** What an answer came to: regions, nothing (`noTarget`), or a problem that is told to the model, with a hint for people. */
type Verdict =
  | { readonly kind: 'regions'; readonly answer: string; readonly regions: Region[]; readonly note: string | null }
  | { readonly kind: 'noTarget'; readonly answer: string }
  | { readonly kind: 'problem'; readonly problem: string; readonly hint: string };

const conventionHint = "Check the endpoint's coordinate convention: the model seems to write another one.";

/** Judges one reply. Thought alone is searched for boxes only when the model ended by itself and said nothing else. */
function judge(reply: Reply, spec: EndpointSpec, frames: Frames): Verdict {
  const spoken = splitThinking(reply.content).answer.trim() !== '';
  const parsed = parseAnswer(spoken || reply.cutOff ? reply.content : reply.reasoning);
  if (parsed.regions.length === 0) {
    if (parsed.empty && spoken) return { kind: 'noTarget', answer: parsed.prose || 'Nothing in the image matches.' };
    if (reply.cutOff) {
      return {
        kind: 'problem',
        problem: `The answer was cut off at ${spec.budget.maxTokens} tokens, before its first complete box. Write the list at once, without explanations.`,
        hint: "Raise the endpoint's maxTokens, or turn the model's thinking off.",
      };
    }
    return {
      kind: 'problem',
      problem: spoken ? 'The answer held no box and no point that could be read.' : 'The answer was empty.',
      hint: 'Ask again in other words, or choose a model that is trained to locate things in images.',
    };
  }
  const regions = looksLikeFractions(parsed.regions, spec.coordinates)
    ? []
    : parsed.regions.map((raw) => toRegion(raw, spec.coordinates, frames)).filter((region) => region !== null);
  if (regions.length === 0) {
    const problem = 'The coordinates do not fit the image: all boxes lie outside it, or have no area.';
    return { kind: 'problem', problem, hint: conventionHint };
  }
  const dropped = parsed.regions.length - regions.length;
  const notes = [
    reply.cutOff ? `The answer was cut off at ${spec.budget.maxTokens} tokens; what was complete is kept.` : '',
    dropped > 0 ? `${dropped} of ${parsed.regions.length} regions left out: outside the image, or without area.` : '',
  ].filter((note) => note !== '');
  const labels = [...new Set(regions.map(({ label }) => label).filter((label) => label !== undefined))];
  return { kind: 'regions', answer: parsed.prose || labels.join(', '), regions, note: notes.join(' ') || null };
}

/** The messages of the next round. An empty turn is left out: strict servers refuse it. */
function repairMessages(first: ChatMessage, reply: Reply, repair: string): ChatMessage[] {
  const said = splitThinking(reply.content).answer.trim().slice(0, 4000);
  if (said !== '') return [first, { role: 'assistant', content: said }, { role: 'user', content: repair }];
  if (first.role !== 'user' || !Array.isArray(first.content)) return [first];
  return [{ role: 'user', content: [...first.content, { type: 'text', text: repair }] }];
}

function badAnswer(target: Target, reply: Reply, rounds: number, problem: string, hint: string): AppError {
  const said = reply.refusal ?? (reply.content.trim() === '' ? reply.reasoning : reply.content);
  const times = rounds === 1 ? 'one question' : `${rounds} questions`;
  const quotation = said.trim() === '' ? 'It said nothing.' : `It said: ${quote(said, target.key)}`;
  return new AppError(
    'bad-answer',
    `The model ${target.model} gave no usable answer to ${times}. ${problem} ${quotation}`,
    {
      hint,
    },
  );
}

/**
 * Asks the endpoint where the things are that `query` means, and reads its answer into pixels of the original.
 * An answer that cannot be used is sent back with what is wrong with it, while `budget.maxRounds` allows.
 * @throws AppError `endpoint` (no answer: server, network, key, limits, time), `bad-answer` (an answer that cannot be
 * used, quoted) or `cancelled`.
 */
export async function reasonWithEndpoint(
  spec: EndpointSpec,
  image: EndpointImage,
  query: string,
  options: EndpointOptions = {},
): Promise<EndpointAnswer> {
  const target = targetOf(spec, options.key);
  const budget = startBudget(target, spec.budget.maxSeconds, options.signal);
  const trace: TraceStep[] = [];
  const note = (kind: TraceStep['kind'], text: string) => {
    const step = { kind, text: withoutKey(text, target.key) };
    trace.push(step);
    options.onTrace?.(step);
  };
  try {
    budget.throwIfOver();
    const client = openClient(target);
    const original = { width: image.width, height: image.height };
    const sent = sentSize(original, spec.imageRule);
    const { data, mime } = await budget.race(image.encode(sent.width, sent.height));
    const url = `data:${mime};base64,${Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64')}`;
    const question = questionFor(spec, query, sent);
    // The image stands before the text: most chat templates and guides want it so.
    const first: ChatMessage = {
      role: 'user',
      content: [
        { type: 'image_url', image_url: { url } },
        { type: 'text', text: question },
      ],
    };
    note('question', `${question}\n[image, ${sent.width} x ${sent.height} pixels]`);
    let messages: ChatMessage[] = [first];
    let promptTokens = 0;
    let completionTokens = 0;
    for (let rounds = 1; ; rounds++) {
      const request = { messages, maxTokens: spec.budget.maxTokens };
      const body = await askChat(client, target, budget, request, (text) => note('repair', text));
      const reply = readReply(body, target);
      promptTokens += reply.promptTokens;
      completionTokens += reply.completionTokens;
      note('answer', [reply.reasoning.trim(), reply.content.trim()].filter((part) => part !== '').join('\n\n'));
      note('usage', `Round ${rounds}: ${reply.promptTokens} tokens in, ${reply.completionTokens} out.`);
      if (reply.refusal !== null) {
        const hint = 'Ask in other words, or use another model.';
        throw badAnswer(target, reply, rounds, 'It refused to answer.', hint);
      }
      const verdict = judge(reply, spec, { sent, original });
      if (verdict.kind !== 'problem') {
        const found = verdict.kind === 'regions';
        if (found && verdict.note !== null) note('repair', verdict.note);
        return {
          answer: withoutKey(verdict.answer, target.key),
          regions: found ? verdict.regions : [],
          noTarget: !found,
          trace,
          usage: { promptTokens, completionTokens, rounds },
        };
      }
      if (rounds >= spec.budget.maxRounds) throw badAnswer(target, reply, rounds, verdict.problem, verdict.hint);
      const form = `Answer again in the form that was asked for; coordinates are ${describeCoordinates(spec.coordinates)}.`;
      const repair = `${verdict.problem} ${form} If nothing in the image matches, answer with an empty list: []`;
      note('repair', repair);
      messages = repairMessages(first, reply, repair);
    }
  } finally {
    budget.end();
  }
}
