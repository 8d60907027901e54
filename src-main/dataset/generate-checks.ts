/** @file What a person should look at before they keep a candidate: lengths, form, leaks, repetitions. Pure. */
import type { Flag } from '../contract/generate.ts';
import type { Query } from '../contract/records.ts';
import { type Similar, wordSet } from './generate-similar.ts';
import { findLeak } from './leaks.ts';

/** Words that a query of each form should have; ours, around the lengths that ReasonSeg's short and long queries have. */
export const wordLimits: Readonly<Record<Query['form'], { readonly min: number; readonly max: number }>> = {
  short: { min: 2, max: 12 },
  long: { min: 6, max: 45 },
};

/** From here on two texts of one image count as nearly the same, and two of different images. */
export const similarHere = 0.75;
export const similarElsewhere = 0.9;

const asks = /\b(?:what|which|who|whom|whose|where)\b/i;
const orders =
  /\b(?:find|segment|select|show|identify|point|mark|locate|highlight|pick|choose|outline|list|name|indicate|detect|spot|trace|label|give|tell)\b/i;
const countsThings = /\bhow (?:many|much)\b/i;
const yesOrNo = /^(?:is|are|was|were|do|does|did|has|have|will)\b/i;
const aboutList =
  /\b(?:bounding box(?:es)?|labell?ed|labels?|annotations?|coordinates?|caption|(?:object|item|number|no\.?|#) ?\d+)\b|#\d/i;
const latin = /\p{Script=Latin}/u;

export type Checked = Pick<Query, 'text' | 'form'>;
/** What else is there: the most similar text on the image, and on other images. */
export type Neighbours = {
  readonly here: Similar<unknown> | null;
  readonly elsewhere: Similar<unknown> | null;
};

/** Flags of a candidate, the gravest first. @param classNames of what it asks for: the asked class, and its targets'. */
export function checkCandidate(
  { text, form }: Checked,
  classNames: readonly string[],
  { here, elsewhere }: Neighbours,
): Flag[] {
  const flags: Flag[] = [];
  if (here) flags.push(here.same ? { code: 'duplicate', note: 'On this image already.' } : alike('similar', here));
  for (const className of new Set(classNames)) {
    const leak = findLeak(text, className);
    if (!leak) continue;
    const note =
      leak.kind === 'class' ? `"${leak.word}" is the class.` : `"${leak.word}" is another word for "${className}".`;
    flags.push({ code: 'leak', note });
  }
  const odd = formProblem(text, form);
  if (odd !== null) flags.push({ code: 'not-a-query', note: odd });
  const list = aboutList.exec(text);
  if (list) flags.push({ code: 'labels', note: `"${list[0]}": people see no list of objects.` });
  const words = wordCount(text);
  const { min, max } = wordLimits[form];
  if (words < min)
    flags.push({
      code: 'too-short',
      note: `${words === 1 ? 'One word' : `${words} words`}; a ${form} query has at least ${min}.`,
    });
  if (words > max) flags.push({ code: 'too-long', note: `${words} words; a ${form} query has at most ${max}.` });
  if (elsewhere) flags.push(alike('elsewhere', elsewhere));
  return flags;
}

function alike(code: 'similar' | 'elsewhere', { text, same, similarity }: Similar<unknown>): Flag {
  const where = code === 'similar' ? 'this image' : 'another image';
  if (same) return { code, note: `The same words on ${where}.` };
  return { code, note: `${Math.round(100 * similarity)} % the same words on ${where}: "${text.slice(0, 200)}"` };
}

/** Words; in scripts that write none apart, two letters count as one. */
export function wordCount(text: string): number {
  const dense = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu)?.length ?? 0;
  const rest = text.replaceAll(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu, ' ');
  return (rest.match(/[\p{L}\p{N}]+(?:['\u2019-][\p{L}\p{N}]+)*/gu)?.length ?? 0) + Math.ceil(dense / 2);
}

/** Why a text is no query, or one whose answer is nothing that can be marked; null where it is one. */
function formProblem(text: string, form: Query['form']): string | null {
  if (wordSet(text).size === 0) return 'It says nothing.';
  if (!latin.test(text)) return null; // other languages ask in ways that are not known here
  if (countsThings.test(text)) return 'It asks for a number, and the answer must be things.';
  const sentences = text.split(/(?<=[.!?])\s+/);
  const last = sentences.at(-1)!;
  if (yesOrNo.test(last) && !asks.test(last) && !orders.test(last)) return 'It can be answered with yes or no.';
  if (form === 'short') {
    return /^(?:i|this|there|it|the answer)\b.*\b(?:is|are|shows?|am|have)\b/i.test(text)
      ? 'It tells, and asks nothing.'
      : null;
  }
  return asks.test(text) || orders.test(text) || text.includes('?') ? null : 'It is no question and no instruction.';
}
