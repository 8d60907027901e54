/**
 * @file An answer of a model, as JSON values, -> candidates. Models nest, rename and shorten what they were asked for, so
 * this takes whatever says which text is a query. Pure; never throws.
 */

export type RawCandidate = {
  readonly text: string;
  /** Numbers of the list of objects, from 1. */
  readonly targets: readonly number[];
};

/** More than any template asks for: beyond that it is a loop of the model. */
export const maxCandidates = 40;
const maxText = 2000;
const maxDepth = 12;

const textKeys = ['text', 'query', 'question', 'instruction', 'sentence', 'prompt', 'phrase', 'q'];
const targetKeys = ['targets', 'target', 'objects', 'object_ids', 'ids', 'answer', 'answers', 'numbers'];
const listKeys = [
  'queries',
  'questions',
  'candidates',
  'items',
  'results',
  'instructions',
  'phrases',
  'data',
  'output',
];

/** The candidates of an answer's JSON values, in order, each text once. */
export function readCandidates(values: readonly unknown[]): RawCandidate[] {
  const found: RawCandidate[] = [];
  for (const value of values) walk(value, found, false, 0);
  return distinct(found);
}

/** Candidates of an answer without any JSON: lines of a list, "1. ..." or "- ...". */
export function readLines(answer: string): RawCandidate[] {
  const lines = answer.slice(0, 100_000).split('\n');
  const items = lines.map((line) => /^\s*(?:\d{1,2}[.)]|[-*\u2022])\s+(.{3,})$/u.exec(line)?.[1]);
  return distinct(items.flatMap((item) => (item === undefined ? [] : [{ text: clean(item), targets: [] }])));
}

function walk(value: unknown, found: RawCandidate[], inList: boolean, depth: number): void {
  if (depth > maxDepth || found.length >= maxCandidates) return;
  if (typeof value === 'string') {
    if (inList) add(found, value, []);
  } else if (Array.isArray(value)) {
    // A list of numbers is somebody's targets; strings of a list are queries where the list is one of queries.
    for (const item of value) walk(item, found, inList || depth === 0, depth + 1);
  } else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, each]) => [plain(key), each] as const);
    const text = entries.find(([key, each]) => textKeys.includes(key) && typeof each === 'string');
    if (text) {
      const targets = entries.find(([key]) => targetKeys.includes(key))?.[1];
      add(found, text[1] as string, numbersOf(targets));
      return;
    }
    for (const [key, each] of entries) {
      if (typeof each !== 'object') {
        // {"query 1": "...", "query 2": "..."}
        if (typeof each === 'string' && /^(query|question|q|text)[_ ]?\d+$/.test(key)) add(found, each, []);
      } else if (!targetKeys.includes(key)) walk(each, found, listKeys.includes(key), depth + 1);
    }
  }
}

const plain = (key: string) => key.trim().toLowerCase().slice(0, 40);

function add(found: RawCandidate[], text: string, targets: number[]): void {
  const cleaned = clean(text);
  if (cleaned !== '' && cleaned !== '...') found.push({ text: cleaned, targets });
}

/** One line, without the quotation marks and the number that some models put around it. */
function clean(text: string): string {
  const line = text.slice(0, maxText).replaceAll(/\s+/g, ' ').trim();
  const bare = line.replace(/^(?:\d{1,2}[.)]\s+)/, '');
  return bare.replace(/^["\u201c\u2018'](.*)["\u201d\u2019']$/u, '$1').trim();
}

function numbersOf(value: unknown): number[] {
  const list = Array.isArray(value) ? value : [value];
  const numbers = list.map((each) => {
    if (typeof each === 'number') return each;
    const digits = typeof each === 'string' ? /\d{1,4}/.exec(each)?.[0] : undefined;
    return digits === undefined ? Number.NaN : Number(digits);
  });
  return [...new Set(numbers.filter((each) => Number.isInteger(each) && each >= 1))];
}

function distinct(found: readonly RawCandidate[]): RawCandidate[] {
  const seen = new Set<string>();
  return found
    .filter(({ text }) => {
      const isNew = !seen.has(text);
      seen.add(text);
      return isNew;
    })
    .slice(0, maxCandidates);
}
