/**
 * @file Texts that say the same: equal after normalising, or with nearly the same set of words. Pure. The index finds
 * them among tens of thousands without comparing each with each.
 */

/** Words that carry no meaning of their own: two queries are not alike because both ask "which of the". */
const emptyWords = new Set(
  'a an the of in on at to for from by with and or is are was were be been being do does did can could would should may might will that this these those it its there which what who whose whom where when how one ones thing things object objects item items please find segment show identify select point mark all any some photo picture image scene'.split(
    ' ',
  ),
);

/** Lower case, without punctuation and accents, single spaces: equal where two texts differ in nothing that is said. */
export function normalised(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/['\u2019]s\b/g, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** The words that carry meaning, each once; scripts without spaces as pairs of letters. */
export function wordSet(text: string): Set<string> {
  const words = normalised(text)
    .split(' ')
    .flatMap((word) => (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(word) ? pairs(word) : [word]))
    .filter((word) => word !== '');
  const meaning = words.filter((word) => !emptyWords.has(word)).map(stem);
  return new Set(meaning.length > 0 ? meaning : words);
}

const pairs = (word: string) => [...word].map((letter, k, all) => letter + (all[k + 1] ?? ''));

/** Plural and -ing, -ed cut off: enough to see that "drinking cups" and "drink cup" are the same words. */
function stem(word: string): string {
  if (word.length < 5) return word.replace(/(?<=[a-z]{2}[^s])s$/, '');
  return word.replace(/(?:ing|ed|es|s)$/, '');
}

/** Shared words over all words, 0 to 1 (Jaccard). */
export function similarity(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const word of a) if (b.has(word)) shared += 1;
  const all = a.size + b.size - shared;
  return all === 0 ? 0 : shared / all;
}

export type Similar<T> = { readonly of: T; readonly text: string; readonly similarity: number; readonly same: boolean };

export type TextIndex<T> = {
  add(text: string, of: T): void;
  /** The most similar text of those that `fits`, at least `threshold` alike; null where there is none. */
  find(text: string, fits: (of: T) => boolean): Similar<T> | null;
};

/**
 * An index of texts for one threshold. Sets that are alike to t share a word among the first |set| - ceil(t |set|) + 1
 * of any fixed order, so only texts that share one of those are compared (prefix filtering: Chaudhuri, Ganti and
 * Kaushik, ICDE 2006). Rare words would make the best order; words by their letters are nearly as good and need no
 * counting before.
 */
export function createTextIndex<T>(threshold: number): TextIndex<T> {
  const entries: { readonly text: string; readonly key: string; readonly words: Set<string>; readonly of: T }[] = [];
  const byWord = new Map<string, number[]>();
  const byText = new Map<string, number[]>();
  const prefix = (words: ReadonlySet<string>) => {
    const ordered = [...words].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
    return ordered.slice(0, words.size - Math.ceil(threshold * words.size - 1e-9) + 1);
  };
  const push = (map: Map<string, number[]>, key: string, at: number) => {
    const list = map.get(key);
    if (list) list.push(at);
    else map.set(key, [at]);
  };
  return {
    add(text, of) {
      const at = entries.length;
      const words = wordSet(text);
      const key = normalised(text);
      entries.push({ text, key, words, of });
      push(byText, key, at);
      for (const word of prefix(words)) push(byWord, word, at);
    },
    find(text, fits) {
      const key = normalised(text);
      const same = byText.get(key)?.find((at) => fits(entries[at]!.of));
      if (same !== undefined) return { of: entries[same]!.of, text: entries[same]!.text, similarity: 1, same: true };
      const words = wordSet(text);
      let best: Similar<T> | null = null;
      const seen = new Set<number>();
      for (const at of prefix(words).flatMap((word) => byWord.get(word) ?? [])) {
        const entry = entries[at]!;
        if (seen.has(at) || !fits(entry.of)) continue;
        seen.add(at);
        const value = similarity(words, entry.words);
        if (value >= threshold && value > (best?.similarity ?? 0)) {
          best = { of: entry.of, text: entry.text, similarity: value, same: false };
        }
      }
      return best;
    },
  };
}
