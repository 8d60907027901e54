/**
 * @file A plain vector font for printable ASCII, drawn with straight strokes: containers and servers often have
 * no font at all, and an overlay whose numbers are empty boxes is worthless. Used only there.
 *
 * Each letter is polylines split by ","; each point is two digits, x from 0 to 4 and y from 0 (top of capitals)
 * over 2 (top of small letters) and 6 (baseline) to 8 (descenders). A point repeated is a dot.
 */

const unknown = '00 40 46 06 00';

const glyphs: Record<string, string> = {
  ...pairs('A', '06 20 46,14 34|06 00 30 41 42 33 03,33 44 45 36 06|41 30 10 01 05 16 36 45|06 00 30 41 45 36 06'),
  ...pairs('E', '40 00 06 46,03 33|40 00 06,03 33|41 30 10 01 05 16 36 45 43 23|00 06,40 46,03 43|10 30,20 26,16 36'),
  ...pairs('J', '40 45 36 16 05|00 06,40 03 46|00 06 46|06 00 23 40 46|06 00 46 40|10 30 41 45 36 16 05 01 10'),
  ...pairs('P', '06 00 30 41 42 33 03|10 30 41 45 36 16 05 01 10,24 46|06 00 30 41 42 33 03,23 46'),
  ...pairs('S', '41 30 10 01 02 13 33 44 45 36 16 05|00 40,20 26|00 05 16 36 45 40|00 26 40|00 16 23 36 40'),
  ...pairs('X', '00 46,40 06|00 23 40,23 26|00 40 06 46'),
  ...pairs('a', '12 32 43 46,44 14 05 16 36 45|00 06,03 12 32 43 45 36 16 05|43 32 12 03 05 16 36 45'),
  ...pairs('d', '40 46,43 32 12 03 05 16 36 45|04 44 43 32 12 03 05 16 36 45|40 30 21 26,12 32'),
  ...pairs('g', '43 32 12 03 05 16 36 45,42 47 38 18 07|00 06,03 12 32 43 46|22 26,20 20|22 27 18,20 20'),
  ...pairs('k', '00 06,42 04 46|20 26|02 06,03 12 23 26,23 32 43 46|02 06,03 12 32 43 46'),
  ...pairs('o', '12 32 43 45 36 16 05 03 12|02 08,03 12 32 43 45 36 16 05|42 48,43 32 12 03 05 16 36 45'),
  ...pairs('r', '02 06,03 12 32|42 12 03 14 34 45 36 06|10 15 26 36,02 32|02 05 16 36 45,42 46|02 26 42'),
  ...pairs('w', '02 16 23 36 42|02 46,42 06|02 26,42 18 08|02 42 06 46'),
  ...pairs('0', '10 30 41 45 36 16 05 01 10|11 20 26,16 36|01 10 30 41 42 06 46|00 40 22 32 43 45 36 16 05'),
  ...pairs('4', '36 30 04 44|40 00 02 32 43 45 36 16 05|30 10 01 05 16 36 45 44 33 13 04|00 40 16'),
  ...pairs('8', '13 02 01 10 30 41 42 33 13 04 05 16 36 45 44 33|16 36 45 41 30 10 01 02 13 33 42'),
  ...pairs(':', '23 23,26 26|23 23,25 26 17|41 03 45|02 42,04 44|01 43 05|01 10 30 41 42 23 24,26 26'),
  ...pairs('[', '30 10 16 36|00 46|10 30 36 16|02 20 42|07 47'),
  ...pairs('!', '20 24,26 26|10 12,30 32|10 16,30 36,02 42,04 44'),
  ...pairs('%', '06 40,00 00,46 46|46 11 20 31 04 05 16 26 44|20 22|30 21 25 36|10 21 25 16|21 25,02 44,42 04'),
  '\u00b7': '23 23',
  '|': '20 28',
  ...pairs('+', '03 43,21 25|25 26 17|13 33|26 26|06 40'),
};

/** Consecutive characters from `first` on, with the shapes between the bars. */
function pairs(first: string, shapes: string): Record<string, string> {
  const code = first.charCodeAt(0);
  return Object.fromEntries(shapes.split('|').map((shape, i) => [String.fromCharCode(code + i), shape]));
}

const space = 3;
const gap = 1.8;

/** What ASCII can say of a text: accents dropped, typographic quotes and dashes made plain. */
function plain(text: string): string {
  const marks = text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('\u2026', '...');
  return marks
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
    .replace(/[\u2013\u2014]/g, '-');
}

/** The strokes of one line as SVG path data, in units of 1/8 em from the top-left corner, and its width. */
export function strokeLine(text: string): { path: string; width: number } {
  let x = 0;
  let path = '';
  for (const character of plain(text)) {
    if (character === ' ') {
      x += space;
      continue;
    }
    const lines = (glyphs[character] ?? unknown)
      .split(',')
      .map((line) => line.split(' ').map((point) => [...point].map(Number)));
    const columns = lines.flat().map((point) => point[0]!);
    const left = Math.min(...columns);
    for (const line of lines) path += `M${line.map((point) => `${x + point[0]! - left} ${point[1]}`).join('L')}`;
    x += Math.max(...columns) - left + gap;
  }
  return { path, width: Math.max(0, x - gap) };
}

/** Lines of at most `width` units, broken between words; a longer word keeps a line of its own. */
export function wrapStrokes(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && strokeLine(longer).width > width) lines.push(word);
    else lines.splice(-1, 1, longer);
  }
  return lines;
}
