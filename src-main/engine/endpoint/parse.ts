/**
 * @file The text that a model answered -> regions, "nothing matches", or neither. Pure; never throws; linear in the
 * length of the text. Which numbers are pixels and which are thousandths is for coordinates.ts.
 */
import type { RawRegion } from './coordinates.ts';
import { findLooseJson } from './loose-json.ts';
import { type Collected, collectRegions } from './regions.ts';
import { readCornerPairs, readTags } from './tags.ts';

export type ParsedAnswer = {
  /** In the order of the answer, repetitions removed, at most `maxRegions`. */
  readonly regions: RawRegion[];
  /** The model said that nothing matches: an empty list, or "none". Never true beside regions. */
  readonly empty: boolean;
  /** What the model said in words: the answer without its reasoning, its JSON and its tags. */
  readonly prose: string;
};

/** As many things as one answer may point at; beyond that it is a loop of the model and not an answer. */
export const maxRegions = 100;
const maxLength = 1_000_000;
const maxProse = 2_000;

// Only what begins the whole answer counts, so that "there is no doubt that ..." or a refusal is not taken for "none".
const nothing =
  /^[\s"'`*([{]{0,9}(?:none|nothing|n\/a|(?:an )?empty list|no (?:such |matching |relevant )?(?:objects?|match(?:es)?|targets?|instances?|regions?|things?)\b|there (?:is|are) (?:none|nothing|no (?:such|match|matching|objects?|targets?|instances?|things?))\b|(?:this|it|that) (?:isn't|is not) in (?:the|this) (?:image|picture|photo))/i;

/**
 * What a reasoning model thought and what it then answered. A block that was never closed is all thought: whatever
 * boxes stand in it are drafts.
 */
export function splitThinking(text: string): { thinking: string; answer: string } {
  const close = Math.max(text.lastIndexOf('</think>'), text.lastIndexOf('</thinking>'));
  if (close >= 0) {
    return { thinking: text.slice(0, close), answer: text.slice(text.indexOf('>', close) + 1) };
  }
  const open = text.indexOf('<think');
  return open < 0 ? { thinking: '', answer: text } : { thinking: text.slice(open), answer: text.slice(0, open) };
}

/** What stands in the last `<answer>` block, or all of the text when there is none. */
function answerBlock(text: string): string {
  const open = text.lastIndexOf('<answer>');
  if (open < 0) return text;
  const close = text.indexOf('</answer>', open);
  return text.slice(open + '<answer>'.length, close < 0 ? undefined : close);
}

function distinct(regions: readonly RawRegion[]): RawRegion[] {
  const seen = new Set<string>();
  const out: RawRegion[] = [];
  for (const region of regions) {
    const numbers = JSON.stringify([region.box?.values, region.points?.map((point) => point.values)]);
    if (seen.has(numbers)) continue;
    seen.add(numbers);
    out.push(region);
    if (out.length === maxRegions) break;
  }
  return out;
}

function wordsOf(text: string, spans: readonly { start: number; end: number }[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of spans) {
    parts.push(text.slice(from, start));
    from = end;
  }
  parts.push(text.slice(from));
  return parts
    .join(' ')
    .slice(0, 10 * maxProse)
    .replaceAll(/```[a-z]{0,12}/g, ' ')
    .replaceAll(/<[^<>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, maxProse);
}

/**
 * Reads one answer. Keys that say "box" or "point" win over tags, tags over lists of numbers without a key, and those
 * over corner pairs in prose: a size or a count in the words beside the boxes is then not taken for a box.
 */
export function parseAnswer(text: string): ParsedAnswer {
  const answer = answerBlock(splitThinking(text.slice(0, maxLength)).answer);
  const found = findLooseJson(answer);
  const collected: Collected = { keyed: [], bare: [], empty: false };
  for (const { value } of found) collectRegions(value, collected);
  const candidates = [
    () => collected.keyed,
    () => readTags(answer),
    () => collected.bare,
    () => readCornerPairs(answer),
  ];
  for (const candidate of candidates) {
    const regions = candidate();
    if (regions.length > 0) return { regions: distinct(regions), empty: false, prose: wordsOf(answer, found) };
  }
  const prose = wordsOf(answer, found);
  return { regions: [], empty: collected.empty || nothing.test(prose), prose };
}
