/** @file What is said of a candidate: leaks in all forms of a word, repetitions, lengths, texts that ask nothing. */
import { expect, test } from 'vitest';
import { checkCandidate, wordCount } from '../../src-main/dataset/generate-checks.ts';
import { createTextIndex, normalised, similarity, wordSet } from '../../src-main/dataset/generate-similar.ts';
import { findLeak, lemma } from '../../src-main/dataset/leaks.ts';

test.each([
  ['Which cups are for tea?', 'cup', 'cups'],
  ["Where is the cup's handle?", 'cup', "cup's"],
  ['What stands beside the two MUGS?', 'cup', 'MUGS'],
  ['Who are the people that wait?', 'person', 'people'],
  ["Which of the men's bags is open?", 'person', "men's"],
  ['Which knives are sharp?', 'knife', 'knives'],
  ['Find the mice.', 'mouse', 'mice'],
  ['Which skate boards are new?', 'skateboard', 'skate boards'],
  ['Which hotdogs have mustard?', 'hot dog', 'hotdogs'],
  ['Which hot dogs have mustard?', 'hot dog', 'hot dogs'],
  ['Which wine glasses are full?', 'wine glass', 'wine glasses'],
  ['Which buses wait?', 'bus', 'buses'],
  ['Which TVs are on?', 'tv', 'TVs'],
  ['What lies on the table?', 'dining table', 'table'],
  ['Which sheep look at the camera?', 'sheep', 'sheep'],
  ['Which benches are free?', 'bench', 'benches'],
  ['Which batteries leak?', 'battery', 'batteries'],
  ['Which broccolis are green?', 'broccoli', 'broccolis'],
])('"%s" gives "%s" away', (text, className, word) => {
  expect(findLeak(text, className)?.word).toBe(word);
});

test.each([
  ['What could one drink from?', 'cup'],
  ['Which of them is in the hiccup of traffic?', 'cup'],
  ['What belongs to a dog that is hot?', 'hot dog'],
  ['Which ones carry passengers to school?', 'bus'],
  ['What is business like?', 'bus'],
  ['Which of these is a caring gesture?', 'car'],
  ['What is a cart for?', 'car'],
  ['Whose catalogue is it?', 'cat'],
])('"%s" says nothing of "%s"', (text, className) => {
  expect(findLeak(text, className)).toBeNull();
});

test('base forms: what stays, and what comes off', () => {
  expect(['glass', 'bus', 'skis', 'cities', 'boxes', 'tomatoes', 'grass', 'lens'].map(lemma)).toEqual([
    'glass',
    'bus',
    'ski',
    'city',
    'box',
    'tomato',
    'grass',
    'len',
  ]);
});

const none = { here: null, elsewhere: null };
const codes = (text: string, form: 'short' | 'long' = 'long', classNames: string[] = ['cup']) =>
  checkCandidate({ text, form }, classNames, none).map(({ code }) => code);

test('a good query of either form has no flag', () => {
  expect(codes('Which of these could one fill with a hot drink on a cold morning?')).toEqual([]);
  expect(codes('Guests have arrived and are thirsty. Find what can be handed to each of them.')).toEqual([]);
  expect(codes('things to drink from', 'short')).toEqual([]);
  expect(codes('두 사람이 마실 수 있는 것은 무엇일까요 여기 사진에서')).toEqual([]);
});

test('what is no query is said to be none, and why', () => {
  const odd = (text: string) =>
    checkCandidate({ text, form: 'long' }, [], none).find(({ code }) => code === 'not-a-query');
  expect(odd('This image shows a kitchen with many things on the shelf.')?.note).toContain('no question');
  expect(odd('How many of these vessels are there on the wooden shelf?')?.note).toContain('number');
  expect(odd('Is there anything to drink from on the shelf today?')?.note).toContain('yes or no');
  expect(odd('Can you find what the guests will drink from?')).toBeUndefined();
  expect(codes('There is a kitchen', 'short')).toContain('not-a-query');
});

test('lengths by form, and words about a list that nobody sees', () => {
  expect(codes('Which one?')).toEqual(['too-short']);
  expect(codes('handle', 'short')).toEqual(['too-short']);
  expect(codes(`Which of them ${'really '.repeat(50)} matters?`)).toEqual(['too-long']);
  expect(codes('Which of the labelled objects 3 and 4 is nearest to the window?')).toEqual(['labels']);
  expect(codes('Which thing lies in bounding box number 2 on the left?')).toEqual(['labels']);
  expect(wordCount("the child's well-worn cup")).toBe(4);
  expect(wordCount('杯子在哪里')).toBe(3);
});

test('classes of what it asks for count, each once, and the word is named', () => {
  const flags = checkCandidate(
    { text: 'Which mugs stand beside the plants?', form: 'long' },
    ['cup', 'cup', 'potted plant'],
    none,
  );
  expect(flags).toEqual([
    { code: 'leak', note: '"mugs" is another word for "cup".' },
    { code: 'leak', note: '"plants" is another word for "potted plant".' },
  ]);
});

test('the same words and nearly the same words, here and elsewhere', () => {
  expect(normalised('  What could ONE drink from?! ')).toBe(normalised('what could one drink from'));
  expect(normalised('Caf\u00e9')).toBe('cafe');
  const index = createTextIndex<number>(0.75);
  index.add('What could the thirsty guests drink tea from?', 1);
  index.add('Which of these is used to boil water?', 2);
  const any = () => true;
  expect(index.find('what could the thirsty guests drink tea from', any)).toMatchObject({ of: 1, same: true });
  expect(index.find('From which could the thirsty guest be drinking tea?', any)).toMatchObject({ of: 1, same: false });
  expect(index.find('What could the thirsty guests drink tea from?', (of) => of !== 1)).toBeNull();
  expect(index.find('What would a gardener need on a rainy day?', any)).toBeNull();
});

test('the index finds exactly what comparing each with each finds', () => {
  const words = 'kettle shelf window guest rain morning garden light door road tree child sleep travel warm'.split(' ');
  let state = 7;
  const next = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
  const texts = Array.from({ length: 120 }, () => Array.from({ length: 2 + next(7) }, () => words[next(9)]).join(' '));
  for (const threshold of [0.6, 0.75, 0.9]) {
    const index = createTextIndex<number>(threshold);
    let found = 0;
    for (const [k, text] of texts.entries()) {
      const best = Math.max(0, ...texts.slice(0, k).map((other) => similarity(wordSet(text), wordSet(other))));
      const hit = index.find(text, () => true);
      expect(hit?.similarity ?? 0).toBeCloseTo(best >= threshold ? best : 0, 9);
      found += hit ? 1 : 0;
      index.add(text, k);
    }
    expect(found).toBeGreaterThan(5);
  }
});
