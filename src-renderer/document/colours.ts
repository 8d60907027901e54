/**
 * @file Colours of masks. An id has the same colour for ever; ids that follow each other, as those of one answer do,
 * have different ones. Colour is never the only sign: chips carry numbers.
 */

/**
 * #rrggbb. Found by search over sRGB for the ten that stay farthest apart for full colour vision and for protanopes,
 * deuteranopes and tritanopes alike, at 3:1 on the grounds of both themes (test/document/colours.test.ts measures it);
 * in the order in which neighbours are farthest apart.
 */
export const maskColours = [
  '#f00fff',
  '#96695a',
  '#e10000',
  '#a578c3',
  '#008787',
  '#e1692d',
  '#1e87ff',
  '#c30fc3',
  '#78965a',
  '#ff2da5',
] as const;

/** Prompts, from Okabe and Ito's palette: told apart by colour-blind people, and the signs inside say it again. */
export const promptColours = { positive: '#009e73', negative: '#d55e00', box: '#0072b2' } as const;

/** The colour of a new mask, before it has an id. */
export const draftColour = '#1e87ff';

/** `id` of a proposal, or of an instance that no proposal became. Ten ids that follow each other have ten colours. */
export const colourOf = (id: number): string => maskColours[id % maskColours.length]!;
