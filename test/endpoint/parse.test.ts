import { describe, expect, test } from 'vitest';
import type { RawRegion } from '../../src-main/engine/endpoint/coordinates.ts';
import { parseAnswer } from '../../src-main/engine/endpoint/parse.ts';

const box = (a: number, b: number, c: number, d: number, label?: string): RawRegion => ({
  box: { values: [a, b, c, d] },
  ...(label === undefined ? {} : { label }),
});
const point = (x: number, y: number, label?: string, named = false): RawRegion => ({
  points: [{ values: [x, y], ...(named ? { named: true as const } : {}) }],
  ...(label === undefined ? {} : { label }),
});
const cup = box(10, 20, 30, 40, 'cup');
const dog = box(1.5, 2.25, 300, 400, 'dog');

describe('answers in JSON', () => {
  test.each<[string, string, RawRegion[]]>([
    [
      'fenced list',
      '```json\n[\n\t{"bbox_2d": [10, 20, 30, 40], "label": "cup"},\n\t{"bbox_2d": [1.5, 2.25, 300, 400], "label": "dog"}\n]\n```',
      [cup, dog],
    ],
    ['one object', '{"bbox": [10, 20, 30, 40], "label": "cup"}', [cup]],
    [
      'prose around',
      'Two things (of 3) match, see [1]: [{"box_2d": [10,20,30,40], "label": "cup"}] - it\'s the [left] one.',
      [cup],
    ],
    [
      'size beside it',
      'The image is [640, 480] and [0, 0, 640, 480].\n{"bbox_2d": [10,20,30,40], "label": "cup"}',
      [cup],
    ],
    ['nested', '{"reasoning": "a cup", "objects": [{"label": "cup", "box": [10, 20, 30, 40]}]}', [cup]],
    [
      'think, then answer',
      '<think>maybe [{"bbox_2d": [9,9,99,99]}]?</think>\n<answer>[{"bbox_2d": [10,20,30,40], "label": "cup"}]</answer>',
      [cup],
    ],
    [
      'thought without its opening',
      'maybe {"bbox_2d": [9,9,99,99]}</think>[{"bbox_2d":[10,20,30,40],"label":"cup"}]',
      [cup],
    ],
    ['cut in the second object', '[{"bbox_2d": [10,20,30,40], "label": "cup"}, {"bbox_2d": [1, 2, 30', [cup]],
    [
      'cut inside a number of the last box',
      '```json\n[{"bbox_2d":[10,20,30,40],"label":"cup"},{"bbox_2d":[50,60,70,8',
      [cup],
    ],
    [
      'cut in a label',
      '[{"bbox_2d": [10,20,30,40], "label": "cup"}, {"bbox_2d": [1.5, 2.25, 300, 400], "la',
      [cup, box(1.5, 2.25, 300, 400)],
    ],
    ['cut after answer tag', '<answer>[{"bbox_2d":[10,20,30,40],"label":"cup"}', [cup]],
    [
      'python style',
      "[{'bbox_2d': (10, 20, 30, 40), 'label': 'the child\\'s cup', 'score': None},]",
      [box(10, 20, 30, 40, "the child's cup")],
    ],
    [
      'apostrophe in single quotes',
      "[{'label': 'the child's cup', 'bbox_2d': [10, 20, 30, 40]}]",
      [box(10, 20, 30, 40, "the child's cup")],
    ],
    ['bare keys, comment, trailing comma', '[{bbox_2d: [10, 20, 30, 40], label: "cup",}, // left\n]', [cup]],
    ['strings as numbers', '{"bbox_2d": ["10", "20", "30", "40"], "label": "cup"} ', [cup]],
    ['one string', '{"bbox_2d": "10, 20, 30, 40", "label": "cup"}', [cup]],
    ['percent signs', '{"box": [10%, 20%, 30%, 40%], "label": "cup"}', [cup]],
    ['two corners', '{"bounding_box": [[10, 20], [30, 40]], "name": "cup"}', [cup]],
    [
      'many boxes under one label',
      '{"label": "cup", "bboxes": [[10,20,30,40],[50,60,70,80]]}',
      [cup, box(50, 60, 70, 80, 'cup')],
    ],
    ['label as key', '{"cup": [10, 20, 30, 40]}', [cup]],
    ['bare lists', '[[10, 20, 30, 40], [50, 60, 70, 80]]', [box(10, 20, 30, 40), box(50, 60, 70, 80)]],
    ['wrapper of bare lists', '{"objects": [[10, 20, 30, 40]]}', [box(10, 20, 30, 40)]],
    [
      'named corners',
      '{"label": "cup", "bbox": {"x1": 10, "y1": 20, "x2": 30, "y2": 40}}',
      [{ box: { values: [10, 20, 30, 40], named: 'xyxy' }, label: 'cup' }],
    ],
    [
      'named sides',
      '[{"x": 10, "y": 20, "width": 30, "height": 40}]',
      [{ box: { values: [10, 20, 30, 40], named: 'xywh' } }],
    ],
    ['points', '[{"point": [412, 305], "label": "cup"}, {"point_2d": [1, 2]}]', [point(412, 305, 'cup'), point(1, 2)]],
    [
      'one point a thing',
      '{"points": [[412, 305], [10, 20]], "label": "cup"}',
      [point(412, 305, 'cup'), point(10, 20, 'cup')],
    ],
    ['named points', '{"points": [{"x": 4, "y": 5, "label": "cup"}]}', [point(4, 5, 'cup', true)]],
    [
      'box and its points',
      '{"bbox": [10,20,30,40], "points_1": [15,25], "points_2": [20,30]}',
      [{ box: { values: [10, 20, 30, 40] }, points: [{ values: [15, 25] }, { values: [20, 30] }] }],
    ],
    ['repetitions', '[{"bbox":[10,20,30,40],"label":"cup"},{"bbox":[10,20,30,40],"label":"cup"}]', [cup]],
    ['mismatched brackets', '[{"bbox_2d": [10, 20, 30, 40], "label": "cup"]', [cup]],
    ['open brace in prose', 'The set { of things ] is: [{"bbox_2d": [10,20,30,40], "label": "cup"}]', [cup]],
    ['GLM', 'I see it at <|begin_of_box|>[[10,20,30,40]]<|end_of_box|>.', [box(10, 20, 30, 40)]],
  ])('%s', (_, text, expected) => {
    const parsed = parseAnswer(text);
    expect(parsed.regions).toEqual(expected);
    expect(parsed.empty).toBe(false);
  });

  test('the words beside the boxes are kept', () => {
    expect(parseAnswer('The stool.\n```json\n[{"bbox_2d": [10,20,30,40]}]\n```').prose).toBe('The stool.');
    expect(parseAnswer('It is <point x="1" y="2" alt="a mug">the mug</point> there.').prose).toBe(
      'It is the mug there.',
    );
  });
});

describe('answers in tags', () => {
  test.each<[string, string, RawRegion[]]>([
    ['Molmo point', ' <point x="63.5" y="44.5" alt="mug">mug</point>', [point(63.5, 44.5, 'mug', true)]],
    [
      'Molmo points',
      'Counting: <points x1="10.0" y1="20.5" x2="30" y2="40" alt="mugs">mugs</points>',
      [point(10, 20.5, 'mugs', true), point(30, 40, 'mugs', true)],
    ],
    [
      'Molmo, cut off',
      '<points x1="10.0" y1="20.5" x2="30" y2="40" alt="mugs">mu',
      [point(10, 20.5, 'mugs', true), point(30, 40, 'mugs', true)],
    ],
    [
      'Molmo 2',
      'the <points coords="1 1 073 160 2 173 600" alt="boats">the boats</points>',
      [point(73, 160, 'boats', true), point(173, 600, 'boats', true)],
    ],
    [
      'self-closing',
      '<point x="1" y="2"/> and <point x="3" y="4"/>',
      [point(1, 2, undefined, true), point(3, 4, undefined, true)],
    ],
    [
      'InternVL',
      '<ref>red cup</ref><box>[[10, 20, 30, 40]]</box><ref>dogs</ref><box>[[1,2,3,4],[5,6,7,8]]</box>',
      [box(10, 20, 30, 40, 'red cup'), box(1, 2, 3, 4, 'dogs'), box(5, 6, 7, 8, 'dogs')],
    ],
    ['Qwen2-VL', '<|object_ref_start|>cup<|object_ref_end|><|box_start|>(10,20),(30,40)<|box_end|>', [cup]],
    ['Qwen2-VL, stripped', 'the cup(10,20),(30,40)', [box(10, 20, 30, 40)]],
    ['MiniCPM', '<ref>cup</ref><box>10 20 30 40</box>', [cup]],
    ['Doubao', '<bbox>10 20 30 40</bbox><point>412 305</point>', [box(10, 20, 30, 40), point(412, 305)]],
    [
      'PaliGemma',
      '<loc0010><loc0020><loc0030><loc0040> cup ; <loc0001><loc0002><loc0003><loc0004> old dog',
      [cup, box(1, 2, 3, 4, 'old dog')],
    ],
    [
      'Florence-2',
      'cup<loc_10><loc_20><loc_30><loc_40><loc_1><loc_2><loc_3><loc_4>',
      [box(10.5, 20.5, 30.5, 40.5, 'cup'), box(1.5, 2.5, 3.5, 4.5, 'cup')],
    ],
    ['Rex-Omni', '<|object_ref_start|>cup<|object_ref_end|><|box_start|><10><20><30><40><|box_end|>', [cup]],
  ])('%s', (_, text, expected) => {
    expect(parseAnswer(text).regions).toEqual(expected);
  });
});

describe('nothing and nonsense', () => {
  test.each([
    '[]',
    '```json\n[]\n```',
    '{"objects": []}',
    '{}',
    'None.',
    'There are none.',
    "This isn't in the image.",
    '{"bbox_2d": null}',
    '<think>hm [1,2,3,4]</think> [ ]',
    '<answer>[]</answer>',
    'Nothing in the image matches, so: []',
    'No matching objects',
  ])('says that nothing matches: %s', (text) => {
    expect(parseAnswer(text)).toMatchObject({ regions: [], empty: true });
  });

  test.each([
    '',
    '   ',
    'I cannot help with that.',
    'There is no doubt that it is the stool on the left.',
    '[',
    '[{"bbox_2d": [1, 2,',
    '{"bbox_2d": [1, 2, 3]}',
    '<think>the cup is at [{"bbox_2d": [10,20,30,40]}]',
    'See [the left] one.',
  ])('cannot be used: %s', (text) => {
    expect(parseAnswer(text)).toMatchObject({ regions: [], empty: false });
  });
});
