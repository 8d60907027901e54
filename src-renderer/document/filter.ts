/**
 * @file The text of the filter box as a filter: `status:open score:<0.6 text:"cup" type:spatial file:missing none:yes
 * category:mug`, and plain words, which are looked for in names and queries. All that is said must hold.
 */
import { type ImageFilter, imageStates } from '../../src-main/contract/image-list.ts';
import { type Category, fileStatuses, reasoningTypes } from '../../src-main/contract/records.ts';

export type FilterResult = { readonly filter: ImageFilter; readonly error: null } | { readonly error: string };

/** The words before a colon, each with an example, as the box's help shows them. */
export const filterKeys = [
  ['status:', imageStates.join(', '), 'status:open'],
  ['score:', 'a mask that scores below', 'score:<0.6'],
  ['text:', 'a part of the name or of a query', 'text:"red cup"'],
  ['type:', reasoningTypes.join(', '), 'type:spatial'],
  ['file:', fileStatuses.join(', '), 'file:missing'],
  ['none:', 'yes, no: a query that nothing matches', 'none:yes'],
  ['category:', 'the name of a category', 'category:mug'],
] as const;

/** A word, `key:word`, or either with a part in double quotes. */
const term = /([a-z]+:)?(?:"([^"]*)"|(\S+))/giy;

/** @param categories of the project, for `category:`. */
export function parseFilter(text: string, categories: readonly Category[] = []): FilterResult {
  const filter: ImageFilter = {};
  const words: string[] = [];
  const quotes = text.match(/"/g)?.length ?? 0;
  if (quotes % 2 === 1) return { error: 'A quote is not closed: text:"red cup".' };
  const said = new Set<string>();
  const trimmed = text.trim();
  let at = 0;
  while (at < trimmed.length) {
    if (/\s/.test(trimmed[at]!)) {
      at += 1;
      continue;
    }
    term.lastIndex = at;
    const match = term.exec(trimmed)!;
    at = term.lastIndex;
    const key = match[1]?.slice(0, -1).toLowerCase();
    const quoted = match[2];
    const value = quoted ?? match[3] ?? '';
    // `status:` with nothing after it, as while typing.
    if (key === undefined && quoted === undefined && /^[a-z]+:$/i.test(value)) {
      return { error: `${value} needs a value after it.` };
    }
    if (key === undefined || key === 'text') {
      words.push(value);
      continue;
    }
    if (said.has(key)) return { error: `${key}: is there twice; one of them is enough.` };
    said.add(key);
    const error = setKey(filter, key, value, categories);
    if (error) return { error };
  }
  const searched = words.join(' ').trim();
  if (searched.length > 1000) return { error: 'The text to look for has at most 1000 characters.' };
  return { filter: searched === '' ? filter : { ...filter, text: searched }, error: null };
}

function setKey(filter: ImageFilter, key: string, value: string, categories: readonly Category[]): string | null {
  const low = value.toLowerCase();
  switch (key) {
    case 'status': {
      const state = imageStates.find((each) => each === low);
      if (!state) return `status: is one of ${imageStates.join(', ')}, not "${value}".`;
      filter.state = state;
      return null;
    }
    case 'file': {
      const file = fileStatuses.find((each) => each === low);
      if (!file) return `file: is one of ${fileStatuses.join(', ')}, not "${value}".`;
      filter.file = file;
      return null;
    }
    case 'type': {
      const type = reasoningTypes.find((each) => each === low);
      if (!type) return `type: is one of ${reasoningTypes.join(', ')}, not "${value}".`;
      filter.reasoningType = type;
      return null;
    }
    case 'score': {
      const number = /^<\s*(\d*\.?\d+)$/.exec(value)?.[1];
      if (number === undefined || Number(number) > 1)
        return `score: is "<" and a number from 0 to 1, such as score:<0.6.`;
      filter.scoreBelow = Number(number);
      return null;
    }
    case 'none': {
      if (low !== 'yes' && low !== 'no') return `none: is yes or no, not "${value}".`;
      filter.noTarget = low === 'yes';
      return null;
    }
    case 'category': {
      const category = categories.find(({ name }) => name.toLowerCase() === low);
      if (!category) return `There is no category "${value}".`;
      filter.categoryId = category.id;
      return null;
    }
    default:
      return `"${key}:" is not known. Known are ${filterKeys.map(([name]) => name).join(' ')}; quote a text with a colon.`;
  }
}
