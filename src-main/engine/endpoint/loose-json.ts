/**
 * @file A forgiving reader of JSON inside prose. Models wrap, cut, quote and misquote their JSON in every way, so this
 * reads on where `JSON.parse` stops: one pass from left to right, nothing is evaluated, nothing throws, and the time
 * is linear in the length (a hostile answer costs what a long one costs).
 */

export type Loose = string | number | boolean | null | LooseList | LooseDict;
/** `closed` is false where the text ended, or an outer bracket closed, before its own bracket did. */
export type LooseList = { readonly kind: 'list'; readonly items: Loose[]; closed: boolean };
export type LooseDict = { readonly kind: 'dict'; readonly entries: [string, Loose][]; closed: boolean };
/** One outermost list or dict, and where it lies: `text.slice(start, end)`. */
export type Found = { readonly value: LooseList | LooseDict; readonly start: number; readonly end: number };

type Frame = { value: LooseList | LooseDict; open: string; key: string | null; last: Loose | undefined };

/** Deeper nesting is counted and skipped: no model needs it, and the walk over the values stays shallow. */
const maxDepth = 64;
const closerOf: Record<string, string> = { '[': ']', '{': '}', '(': ')' };
const number = /[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y;
const word = /[\p{L}_$][\p{L}\p{N}_$-]*/uy;
const ignorable = new Set([' ', '\t', '\n', '\r', '%', ';', '\u00a0']);
const words: Record<string, Loose> = {
  true: true,
  false: false,
  null: null,
  None: null,
  True: true,
  False: false,
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
};

/** Gives a value to the innermost open container. In a dict it waits as `last` until a colon makes it a key. */
function put(frame: Frame, value: Loose): void {
  if (frame.value.kind === 'list') frame.value.items.push(value);
  else if (frame.key === null) frame.last = value;
  else {
    frame.value.entries.push([frame.key, value]);
    frame.key = null;
    frame.last = undefined;
  }
}

/** The quoted string that starts at `start`, with JSON's escapes, up to its quote or the end of the line. */
function readString(text: string, start: number): { value: string; end: number } {
  const quote = text[start];
  let from = start + 1;
  let value = '';
  for (let i = from; i < text.length; i++) {
    const c = text[i];
    if (c === '\\') {
      const escaped = text[i + 1] ?? '';
      value += text.slice(from, i) + (escaped === 'n' || escaped === 't' ? ' ' : escaped === 'u' ? '\\u' : escaped);
      i += 1;
      from = i + 1;
    } else if (c === '\n' || (c === quote && (quote === '"' || endsSingleQuoted(text, i)))) {
      return { value: value + text.slice(from, i), end: i + 1 };
    }
  }
  return { value: value + text.slice(from), end: text.length };
}

/** An apostrophe is a closing quote only before what may follow a value: `'the child's cup',`. */
function endsSingleQuoted(text: string, at: number): boolean {
  const next = text[at + 1] ?? '';
  return ',:]})\n\r'.includes(next) || (next === ' ' && ',:]})'.includes(text[at + 2] ?? ''));
}

/** ... and an opening one only where a value or key may begin, so that "it's" in prose opens nothing. */
function startsSingleQuoted(text: string, at: number): boolean {
  const before = /\s/.test(text[at - 1] ?? '') ? text[at - 2] : text[at - 1];
  return before === undefined || '[{(,:\n '.includes(before);
}

/** Closes the innermost container that `closer` fits, and all inside it; a bracket that fits none is ignored. */
function close(stack: Frame[], closer: string): boolean {
  const at = stack.findLastIndex((frame) => closerOf[frame.open] === closer);
  if (at < 0) return false;
  stack[at]!.value.closed = true;
  stack.length = at;
  return true;
}

/**
 * All outermost lists and dicts of a text, in order. Python's forms (single quotes, `None`, tuples), bare keys,
 * missing and trailing commas are read; what is cut off at the end keeps what came before, marked as not closed.
 */
export function findLooseJson(text: string): Found[] {
  const found: Found[] = [];
  const stack: Frame[] = [];
  let start = 0;
  let skipped = 0;
  let i = 0;
  while (i < text.length) {
    const c = text[i]!;
    const top = stack.at(-1);
    if (top === undefined) {
      if (c === '[' || c === '{') {
        start = i;
        const value: LooseList | LooseDict = newContainer(c);
        found.push({ value, start, end: text.length });
        stack.push({ value, open: c, key: null, last: undefined });
      }
      i += 1;
    } else if (c === '[' || c === '{' || c === '(') {
      if (stack.length >= maxDepth) skipped += 1;
      else {
        const value = newContainer(c);
        if (top.value.kind === 'dict' && top.key === null) top.key = '';
        put(top, value);
        stack.push({ value, open: c, key: null, last: undefined });
      }
      i += 1;
    } else if (c === ']' || c === '}' || c === ')') {
      i += 1;
      if (skipped > 0) skipped -= 1;
      else if (close(stack, c) && stack.length === 0) {
        const { value } = found.pop()!;
        found.push({ value, start, end: i });
      }
    } else i = skipped > 0 || ignorable.has(c) ? i + 1 : readScalar(text, i, top);
  }
  return found;
}

function newContainer(open: string): LooseList | LooseDict {
  return open === '{' ? { kind: 'dict', entries: [], closed: false } : { kind: 'list', items: [], closed: false };
}

/** Reads what stands at `i` inside the container `top`; returns where to go on. */
function readScalar(text: string, i: number, top: Frame): number {
  const c = text[i]!;
  if (c === ',') {
    top.key = null;
    top.last = undefined;
    return i + 1;
  }
  if (c === ':') {
    if (top.value.kind === 'dict' && top.last !== undefined && typeof top.last !== 'object') top.key = String(top.last);
    return i + 1;
  }
  if (c === '"' || (c === "'" && startsSingleQuoted(text, i))) {
    const { value, end } = readString(text, i);
    put(top, value);
    return end;
  }
  number.lastIndex = i;
  const digits = number.exec(text)?.[0];
  if (digits !== undefined) {
    put(top, Number(digits));
    return i + digits.length;
  }
  word.lastIndex = i;
  const name = word.exec(text)?.[0];
  // Anything else (dots, slashes of a comment) is a value of its own, so that `[1, 2, ...]` is no list of numbers.
  put(top, name === undefined ? c : Object.hasOwn(words, name) ? words[name]! : name);
  return i + (name ?? c).length;
}
