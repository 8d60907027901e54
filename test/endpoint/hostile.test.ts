import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RawRegion } from '../../src-main/engine/endpoint/coordinates.ts';
import { maxRegions, parseAnswer } from '../../src-main/engine/endpoint/parse.ts';

const box = (a: number, b: number, c: number, d: number, label: string): RawRegion => ({
  box: { values: [a, b, c, d] },
  label,
});

describe('hostile answers', () => {
  const bits = fc.constantFrom(
    '[',
    ']',
    '{',
    '}',
    '(',
    ')',
    '"',
    "'",
    ':',
    ',',
    '<',
    '>',
    '/',
    '\\',
    ' ',
    '\n',
    '-',
    '.',
    '1',
    '23',
    'e9',
    'x',
    'bbox_2d',
    'point',
    'label',
    '<point',
    ' x="1"',
    '<loc0001>',
    '<box>',
    '</box>',
    '<think>',
    '</think>',
    '```json',
    'null',
    '\u{1f600}',
    '\ud800',
  );

  test('any text is read without an error, into finite shapes', () => {
    const text = fc.oneof(
      fc.string(),
      fc.array(bits, { maxLength: 200 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (answer) => {
        const { regions, empty } = parseAnswer(answer);
        expect(empty && regions.length > 0).toBe(false);
        expect(regions.length).toBeLessThanOrEqual(maxRegions);
        for (const { box: b, points } of regions) {
          expect((b === undefined ? 0 : 1) + (points?.length ?? 0)).toBeGreaterThan(0);
          for (const v of [...(b?.values ?? []), ...(points ?? []).flatMap((p) => p.values)])
            expect(typeof v).toBe('number');
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('whatever list of boxes a model writes comes back, alone, wrapped or cut anywhere', () => {
    const side = fc.integer({ min: 0, max: 2000 });
    const item = fc.tuple(
      side,
      side,
      side,
      side,
      fc.string({ maxLength: 12 }).filter((s) => s.trim() !== '' && !/[<>]/.test(s)),
    );
    const list = fc.uniqueArray(item, { minLength: 1, maxLength: 8, selector: (i) => i.slice(0, 4).join() });
    fc.assert(
      fc.property(list, fc.nat(), (items, at) => {
        const whole = items.map(([a, b, c, d, label]) => box(a, b, c, d, label.trim()));
        const text = JSON.stringify(items.map(([a, b, c, d, label]) => ({ bbox_2d: [a, b, c, d], label })));
        expect(parseAnswer(`Here:\n\`\`\`json\n${text}\n\`\`\`\nDone.`).regions).toEqual(whole);
        const cut = parseAnswer(text.slice(0, at % (text.length + 1))).regions;
        expect(cut.map((region) => region.box)).toEqual(whole.slice(0, cut.length).map((region) => region.box));
      }),
      { numRuns: 500 },
    );
  });

  const megabyte = (bit: string) => bit.repeat(Math.ceil(1e6 / bit.length));
  test.each([
    '[',
    '{',
    '[{',
    '(',
    '[1,',
    '[[1,2,3,4],',
    '"',
    "'",
    "['",
    '["',
    '{"a":',
    '<',
    '<point ',
    '<point x=',
    '<point x1="1" y1="2" ',
    '<loc0001>',
    '<box>',
    '<1>',
    '(1,2),',
    '(1 ,',
    '-',
    '1',
    '1.',
    'a',
    ' ',
    '\\',
    '["\\',
    '<think>',
    '</think>',
    '<answer>',
    '`',
    '{"bbox_2d":[1,2,3,4]},',
    '[]',
    '\u{1f600}',
    'none ',
  ])('a megabyte of %j takes a moment', (bit) => {
    const started = performance.now();
    parseAnswer(megabyte(bit));
    parseAnswer(`<point [${megabyte(bit)}`);
    // Linear passes take some 50 ms each on a slow machine; anything quadratic takes minutes to hours.
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
