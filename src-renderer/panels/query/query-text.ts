/** @file What stands in the query box: its bounds, and which keys mean what. */

/** Characters of a query, as `contract/methods-annotate.ts` takes them. */
export const maxLength = 10_000;
/** From here on the box says how many characters are left. */
const nearEnd = 9_000;

export type Fitted = {
  readonly text: string;
  /** Characters that did not fit. */
  readonly cut: number;
};

/** Cuts a text to what can be stored, never through a surrogate pair. */
export function cutToFit(text: string): Fitted {
  if (text.length <= maxLength) return { text, cut: 0 };
  const last = text.charCodeAt(maxLength - 1);
  const end = last >= 0xd800 && last <= 0xdbff ? maxLength - 1 : maxLength;
  return { text: text.slice(0, end), cut: text.length - end };
}

export const lengthNote = (text: string): string | null =>
  text.length < nearEnd ? null : `${text.length.toLocaleString()} of ${maxLength.toLocaleString()} characters`;

export type KeyLike = {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  /** True while an input method composes: then Enter chooses a character. */
  readonly isComposing: boolean;
  /** 229 is how some browsers tell the same (UI Events, section 7.3.1). */
  readonly keyCode: number;
};

export type QueryKey = 'submit' | 'older' | 'newer' | 'leave' | null;

/** `caret` is [start, end] of the selection in `text`. */
export function queryKey(event: KeyLike, text: string, caret: readonly [number, number]): QueryKey {
  if (event.isComposing || event.keyCode === 229) return null;
  const plain = !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey;
  if (event.key === 'Enter' && !event.shiftKey && !event.altKey) return 'submit';
  if (event.key === 'Escape' && plain) return 'leave';
  const [start, end] = caret;
  if (!plain || start !== end) return null;
  // Arrows belong to the text for as long as there is a line to go to.
  if (event.key === 'ArrowUp' && !text.slice(0, start).includes('\n')) return 'older';
  if (event.key === 'ArrowDown' && !text.slice(end).includes('\n')) return 'newer';
  return null;
}
