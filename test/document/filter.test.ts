import { expect, test } from 'vitest';
import { filterKeys, parseFilter } from '../../src-renderer/document/filter.ts';

const categories = [{ id: 4, name: 'Coffee mug', supercategory: null }];

test.each([
  ['', {}],
  ['   ', {}],
  ['status:open', { state: 'open' }],
  ['STATUS:Open', { state: 'open' }],
  ['score:<0.6', { scoreBelow: 0.6 }],
  ['score:<.6', { scoreBelow: 0.6 }],
  ['text:"red cup"', { text: 'red cup' }],
  ['cup', { text: 'cup' }],
  ['red  cup', { text: 'red cup' }],
  ['"status:open"', { text: 'status:open' }],
  ['type:spatial none:yes file:missing', { reasoningType: 'spatial', noTarget: true, file: 'missing' }],
  ['none:no cup status:done', { noTarget: false, state: 'done', text: 'cup' }],
  ['category:"coffee mug"', { categoryId: 4 }],
  ['컵 #1%.jpg', { text: '컵 #1%.jpg' }],
])('%j', (text, filter) => expect(parseFilter(text, categories)).toEqual({ filter, error: null }));

test.each([
  ['status:', 'status: needs a value'],
  ['status:half', 'new, open, done'],
  ['score:0.6', 'score:<0.6'],
  ['score:<2', 'from 0 to 1'],
  ['none:maybe', 'yes or no'],
  ['category:dog', 'no category "dog"'],
  ['statsu:open', '"statsu:" is not known'],
  ['text:"red', 'quote is not closed'],
  ['status:open status:done', 'twice'],
  ['a'.repeat(1001), '1000 characters'],
])('%j is refused, and the reason says what would do', (text, message) => {
  expect(parseFilter(text, categories).error).toContain(message);
});

test('the examples that the help shows can be read', () => {
  const known = [{ id: 1, name: 'mug', supercategory: null }];
  for (const [, , example] of filterKeys) expect(parseFilter(example, known).error).toBeNull();
});
