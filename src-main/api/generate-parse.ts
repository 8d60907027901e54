/** @file The words of a model -> candidates: JSON where there is any, however it is wrapped, else the lines of a list. */
import { type RawCandidate, readCandidates, readLines } from '../dataset/generate-answer.ts';
import { findLooseJson, type Loose } from '../engine/endpoint/loose-json.ts';
import { splitThinking } from '../engine/endpoint/parse.ts';

/** The candidates in an answer; none where nothing can be read. What was cut off in the middle is left out. */
export function candidatesIn(raw: string): RawCandidate[] {
  const { answer, thinking } = splitThinking(raw);
  const text = answer.trim() === '' ? thinking : answer;
  const values = findLooseJson(text).map(({ value, start, end }) => strict(text.slice(start, end)) ?? plainOf(value));
  const found = readCandidates(values);
  return found.length > 0 ? found : readLines(text);
}

/** JSON as the standard has it, which also knows every escape; undefined for anything else. */
function strict(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** As JSON values. The last entry of what was not closed may be half a value, and goes. */
function plainOf(value: Loose): unknown {
  if (typeof value === 'string') return unescaped(value);
  if (typeof value !== 'object' || value === null) return value;
  const whole = <T>(entries: readonly T[], last: (entry: T) => Loose): readonly T[] => {
    const end = entries.at(-1);
    return value.closed || end === undefined || isContainer(last(end)) ? entries : entries.slice(0, -1);
  };
  if (value.kind === 'list') return whole(value.items, (item) => item).map(plainOf);
  return Object.fromEntries(whole(value.entries, ([, each]) => each).map(([key, each]) => [key, plainOf(each)]));
}

const isContainer = (value: Loose): boolean => typeof value === 'object' && value !== null;

/** The forgiving reader leaves \u escapes as they are. */
const unescaped = (text: string): string =>
  text.replaceAll(/\\u([0-9a-fA-F]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
