/**
 * @file Colours of masks. An id has the same colour for ever; ids that follow each other, as those of one answer do,
 * have different ones. Colour is never the only sign: chips carry numbers.
 */

/** #rrggbb. Chosen to stay apart for protanopes, deuteranopes and tritanopes, and at 3:1 on both themes' grounds. */
export const maskColours = [
  '#0a84ff',
  '#d55e00',
  '#00966e',
  '#c2409a',
  '#8a7a00',
  '#7d5fff',
  '#e03131',
  '#00879c',
  '#a05a2c',
  '#6b7a8f',
] as const;

/** Positive and negative prompts: blue-green and orange-red, told apart by their signs as well. */
export const promptColours = { positive: '#12a150', negative: '#e03131' } as const;

/** The colour of a new mask, before it has an id. */
export const draftColour = '#0a84ff';

/** `id` of a proposal, or of an instance that no proposal became. Neighbours differ, and so do an id and the next nine. */
export const colourOf = (id: number): string => maskColours[(id * 3) % maskColours.length]!;
