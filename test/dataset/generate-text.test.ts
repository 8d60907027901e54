/** @file From a template to a prompt, and from whatever a model writes to candidates; lists of queries; what it costs. */
import { expect, test } from 'vitest';
import { candidatesIn } from '../../src-main/api/generate-parse.ts';
import { costOf, imageTokens, perRequest, secondsFor, textTokens } from '../../src-main/dataset/generate-cost.ts';
import { readQueryLines } from '../../src-main/dataset/generate-lines.ts';
import { listedObjects, objectLines, targetClasses } from '../../src-main/dataset/generate-objects.ts';
import { fillTemplate, needsClass, templateProblems } from '../../src-main/dataset/templates.ts';
import { builtInTemplates } from '../../src-main/dataset/templates-builtin.ts';

const filling = {
  captions: ['A table with {class} on it.'],
  objects: '1. cup [0, 0, 10, 10]',
  className: 'cup',
  count: 2,
  wanted: 3,
};

test('a template is filled once: what is filled in is no template', () => {
  const prompt = fillTemplate('{wanted} about {count} x {class}. {caption} {objects} {"a": 1}', filling);
  expect(prompt).toContain('3 about 2 x cup. A table with {class} on it. 1. cup [0, 0, 10, 10] {"a": 1}');
  expect(prompt).toContain('{"queries": [{"text": "...", "targets": [1, 2]}]}');
  expect(templateProblems('{klass} and {caption}')).toEqual([expect.stringContaining('{klass}')]);
});

test('the built-in templates: three kinds of reasoning in two forms, all placeholders known, and one without labels', () => {
  expect(builtInTemplates.map(({ name }) => name)).toEqual([
    'attribute',
    'spatial',
    'context',
    'attribute-short',
    'spatial-short',
    'context-short',
    'free',
  ]);
  for (const { name, body, form, reasoningType } of builtInTemplates) {
    expect(templateProblems(body)).toEqual([]);
    expect(fillTemplate(body, filling)).not.toMatch(/\{[a-z]+\}(?! on it)/);
    expect(needsClass(body)).toBe(name !== 'free');
    if (name !== 'free') expect(name).toBe(form === 'long' ? reasoningType : `${reasoningType}-short`);
  }
});

const text = ['Which could one fill?', 'What is it that holds soup?'];
const targets = [[1, 2], [3]];
const wanted = text.map((each, k) => ({ text: each, targets: targets[k]! }));
const form = { queries: text.map((each, k) => ({ text: each, targets: targets[k] })) };

test.each([
  ['as asked', JSON.stringify(form)],
  ['in a fence, with words around it', `Sure!\n\`\`\`json\n${JSON.stringify(form, null, 2)}\n\`\`\`\nDone.`],
  ['after thinking with drafts', `<think>{"queries": [{"text": "No."}]}</think>${JSON.stringify(form)}`],
  ['a bare list', JSON.stringify(form.queries)],
  ['other names', JSON.stringify({ questions: text.map((question, k) => ({ question, objects: targets[k] })) })],
  ['nested', JSON.stringify({ result: { data: form } })],
  [
    'numbers as words',
    JSON.stringify({ queries: text.map((query, k) => ({ query, targets: targets[k]!.map((n) => `object ${n}`) })) }),
  ],
  [
    'single quotes and trailing commas',
    "{'queries': [{'text': 'Which could one fill?', 'targets': [1, 2,],}, {'text': 'What is it that holds soup?', 'targets': [3],},]}",
  ],
  ['cut in the middle of a third', `${JSON.stringify(form).slice(0, -2)}, {"text": "What would a gue`],
])('an answer %s is read', (_, raw) => {
  expect(candidatesIn(raw)).toEqual(wanted);
});

test('lists of texts, lines of prose, escapes, and nothing', () => {
  expect(candidatesIn(JSON.stringify({ queries: text })).map((each) => each.text)).toEqual(text);
  expect(candidatesIn(`1. ${text[0]}\n2. "${text[1]}"`).map((each) => each.text)).toEqual(text);
  expect(candidatesIn('{"queries": [{"text": "Caf\\u00e9 tables?"}]}')[0]!.text).toBe('Café tables?');
  expect(candidatesIn("{'queries': [{'text': 'Caf\\u00e9 tables?'}]}")[0]!.text).toBe('Café tables?');
  expect(candidatesIn('I cannot help with that.')).toEqual([]);
  expect(candidatesIn('{"queries": []}')).toEqual([]);
  expect(candidatesIn('{"queries": [{"text": "Same?"}, {"text": "Same?"}]}')).toHaveLength(1);
  expect(candidatesIn(`{"queries": [${'{"text": "Loop?"},'.repeat(1e4)}`)).toHaveLength(1);
});

test('the class with the most objects is asked about; each class where that is wanted', () => {
  const counts = [
    { categoryId: 3, name: 'cup', count: 2 },
    { categoryId: 1, name: 'person', count: 1 },
    { categoryId: 2, name: 'chair', count: 2 },
  ];
  expect(targetClasses(counts, 'main', 1).map(({ name }) => name)).toEqual(['chair']);
  expect(targetClasses(counts, 'each', 2).map(({ name }) => name)).toEqual(['chair', 'cup']);
  expect(targetClasses(counts, 'main', 3)).toEqual([]);
});

test('objects are listed class first, then by size, in the numbers that the model itself writes', () => {
  const boxes = [
    { instanceId: 1, category: 'table', bbox: [0, 0, 100, 50] as [number, number, number, number] },
    { instanceId: 2, category: 'cup', bbox: [10, 20, 5, 10] as [number, number, number, number] },
    { instanceId: 3, category: 'person', bbox: [0, 0, 200, 100] as [number, number, number, number] },
  ];
  const listed = listedObjects(boxes, 'cup');
  expect(listed.map(({ instanceId }) => instanceId)).toEqual([2, 3, 1]);
  const image = { width: 200, height: 100 };
  const sent = { width: 100, height: 50 };
  const line = (convention: Parameters<typeof objectLines>[3]) =>
    objectLines(listed, image, sent, convention).split('\n')[1];
  expect(line({ space: 'pixels', scale: 1, order: 'xy', boxForm: 'xyxy' })).toBe('1. cup [5, 10, 8, 15]');
  expect(line({ space: 'relative', scale: 1000, order: 'xy', boxForm: 'xyxy' })).toBe('1. cup [50, 200, 75, 300]');
  expect(line({ space: 'relative', scale: 1000, order: 'yx', boxForm: 'xyxy' })).toBe('1. cup [200, 50, 300, 75]');
  expect(line({ space: 'relative', scale: 1, order: 'xy', boxForm: 'xywh' })).toBe(
    '1. cup [0.050, 0.200, 0.025, 0.100]',
  );
});

test('lists of queries: tabs or JSON, a head, forms, and lines that say why they are left out', () => {
  const list = [
    'image\tquery',
    'a/b.jpg\t What  holds soup? ',
    'b.jpg\tthings to sit on\tshort\tattribute',
    '{"image": 7, "query": "Where?", "form": "long", "reasoning_type": "spatial"}',
    '',
    'no tab here',
    '{"image": "x.jpg"}',
    '{broken',
    'c.jpg\t',
  ].join('\r\n');
  const { queries, bad } = readQueryLines(`\uFEFF${list}`);
  expect(queries).toEqual([
    { line: 2, image: 'a/b.jpg', text: 'What holds soup?', form: null, reasoningType: null },
    { line: 3, image: 'b.jpg', text: 'things to sit on', form: 'short', reasoningType: 'attribute' },
    { line: 4, image: '7', text: 'Where?', form: 'long', reasoningType: 'spatial' },
  ]);
  expect(bad.map(({ line, reason }) => [line, reason])).toEqual([
    [6, 'No tab between image and query'],
    [7, 'A line of JSON needs "image" and "query"'],
    [8, 'Not a line of JSON'],
    [9, 'The query is empty'],
  ]);
});

test('money and time, worked out and measured', () => {
  expect(costOf(1_000_000, 500_000, { input: 0.4, output: 1.6 })).toBeCloseTo(1.2, 9);
  expect(costOf(5, 5, null)).toBeNull();
  expect(imageTokens(756, 560)).toBe(540);
  expect(textTokens('four letters a token')).toBe(5);
  expect(textTokens('한국어')).toBe(4);
  const nothing = { answers: 0, inputTokens: 0, outputTokens: 0, medianMs: null };
  expect(perRequest(nothing, { input: 900, output: 100 })).toEqual({ input: 900, output: 100, measured: false });
  const two = { answers: 2, inputTokens: 2000, outputTokens: 100, medianMs: 800 };
  expect(perRequest(two, { input: 900, output: 100 })).toEqual({ input: 1000, output: 50, measured: true });
  expect(secondsFor(10, 2000, 4)).toBe(6);
  expect(secondsFor(10, null, 4)).toBeNull();
});
