/** @file Whether a query gives its answer away: the class, in any of its forms, or another word for it. Pure. */
import { irregularPlurals, synonyms } from './leaks-words.ts';

export type Leak = {
  /** As it stands in the query. */
  readonly word: string;
  /** The word of the list that it is a form of: the class itself, or a synonym. */
  readonly of: string;
  readonly kind: 'class' | 'synonym';
};

type Word = { readonly lemma: string; readonly start: number; readonly end: number };

/** The base form of an English noun, lower case: plural and possessive taken off. Other words may come out odd, alike each time. */
export function lemma(word: string): string {
  const plain = word.toLowerCase().replace(/['\u2019](s)?$/, '');
  const irregular = Object.hasOwn(irregularPlurals, plain) ? irregularPlurals[plain] : undefined;
  if (irregular !== undefined) return irregular;
  if (plain.length < 3 || /(?:ss|us|sis|nis|his)$/.test(plain)) return plain;
  if (/[^aeiou]ies$/.test(plain) && plain.length > 4) return `${plain.slice(0, -3)}y`;
  if (/(?:x|z|ch|sh|ss)es$/.test(plain)) return plain.slice(0, -2);
  if (/(?:tato|mato|hero|echo)es$/.test(plain)) return plain.slice(0, -2);
  return plain.replace(/s$/, '');
}

function wordsOf(text: string): Word[] {
  return [...text.matchAll(/[\p{L}\p{N}]+(?:['\u2019]s?)?/gu)].map((match) => {
    return { lemma: lemma(match[0]), start: match.index, end: match.index + match[0].length };
  });
}

/** Words that stand for the class, the class itself first. */
export function namesOf(className: string): { readonly text: string; readonly kind: Leak['kind'] }[] {
  const name = className.trim().toLowerCase().replaceAll('_', ' ');
  const others = Object.hasOwn(synonyms, name) ? synonyms[name]! : [];
  return [{ text: name, kind: 'class' }, ...others.map((text) => ({ text, kind: 'synonym' as const }))];
}

/**
 * Where a query names a class: "two mugs" for "cup", "skate boards" for "skateboard", "men's" for "person". Words are
 * compared in their base form, as many of them as the name has, and written together as well as apart.
 */
export function findLeak(text: string, className: string): Leak | null {
  const words = wordsOf(text);
  for (const { text: name, kind } of namesOf(className)) {
    const parts = wordsOf(name).map((word) => word.lemma);
    const joined = parts.join('');
    if (joined === '') continue;
    for (let from = 0; from < words.length; from++) {
      // Written as more words than the name has ("skate board"), as many, or as one ("hotdog").
      for (let to = from + 1; to <= Math.min(words.length, from + parts.length + 1); to++) {
        const here = words.slice(from, to);
        const isName = here.map((word) => word.lemma).join('') === joined;
        if (isName) return { word: text.slice(here[0]!.start, here.at(-1)!.end), of: name, kind };
      }
    }
  }
  return null;
}
