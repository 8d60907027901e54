/** @file refcoco: what REFER, G_REFER and pycocotools make of it. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeRle } from '../../../src-main/contract/rle.ts';
import { unpickledList } from '../../../src-main/formats/refcoco/pickle.ts';
import { rasteriseCoco } from '../../../src-main/mask/rasterise-coco.ts';
import { asked, everything } from '../coco/project.ts';
import { collect } from '../collect.ts';
import { lacks, runPython } from './python.ts';
import { lost, tryExport } from './try-export.ts';

type Ref = {
  ref_id: number;
  ann_id: unknown;
  category_id: unknown;
  no_target?: boolean;
  sentences: { sent: string }[];
};

/** Everything, with a second sentence for an answer of one instance. */
function records() {
  const all = everything();
  all.queries.push(asked(9, 2, [9], { text: 'Was ist DAS, bitte?', form: 'long' }), asked(12, 2, [10]));
  return all;
}

async function exported() {
  const { report, target } = await tryExport('refcoco', {}, records());
  const json = async (name: string) => JSON.parse(await readFile(join(target, name), 'utf8'));
  return {
    report,
    target,
    group: (await json('grefs(unc).json')) as Ref[],
    single: (await collect(unpickledList(join(target, 'refs(unc).p')))) as Ref[],
    instances: await json('instances.json'),
  };
}

test('a reference an answer, its queries as sentences, several instances or none; single ones in the pickle', async () => {
  const { report, target, group, single, instances } = await exported();
  expect((await readdir(target)).sort()).toEqual(
    ['grefs(unc).json', 'instances.json', 'novo-export.json', 'refs(unc).p'].sort(),
  );
  const shortly = ({ ref_id, ann_id, sentences }: Ref) => [ref_id, ann_id, sentences.length];
  expect(group.map(shortly)).toEqual([
    [1, [1, 2], 1],
    [2, [4, 1, 3], 1],
    [3, [-1], 1],
    [6, [-1], 1],
    [7, [9], 2],
    [12, [10], 1],
  ]);
  expect(group[2]).toMatchObject({ no_target: true, category_id: [-1], split: 'train' });
  expect(group[4]!.sentences[1]).toEqual({
    sent_id: 9,
    sent: 'Was ist DAS, bitte?',
    raw: 'Was ist DAS, bitte?',
    tokens: ['was', 'ist', 'das', 'bitte'],
  });
  expect(single.map(shortly)).toEqual([
    [7, 9, 2],
    [12, 10, 1],
  ]);
  expect(single[0]).toMatchObject({ category_id: 3, image_id: 2, file_name: 'b/2.jpg', sent_ids: [7, 9] });
  expect(instances.annotations.map(({ id }: { id: number }) => id)).toEqual([1, 2, 3, 4, 9, 10]);
  expect(report).toMatchObject({ queries: 7, annotations: 6, images: 2, files: 3, fidelity: { exact: 6, worst: 1 } });
  expect(lost(report)).toMatchObject({ 'no-target': 2, 'not-single': 2, ranks: 1, exhaustive: 1, kinds: 7 });
});

test('masks with holes are polygons all the same, and exact', async () => {
  const { instances } = await exported();
  const all = everything().instances;
  for (const { id, segmentation } of instances.annotations) {
    const { rle } = all.find((each) => each.id === id)!;
    expect(Array.isArray(segmentation[0])).toBe(true);
    expect(rasteriseCoco(segmentation, rle.size[1], rle.size[0])).toEqual(rle);
  }
});

/** The way REFER.getMask and G_REFER.getMask go, and pycocotools' own. */
const script = `
import contextlib, io, json, os, pickle, sys
import numpy as np
from pycocotools import mask as M
from pycocotools.coco import COCO
root = sys.argv[1]
with contextlib.redirect_stdout(io.StringIO()):
    coco = COCO(os.path.join(root, 'instances.json'))
anns = {a['id']: a for a in coco.dataset['annotations']}
def get(ann):
    image = coco.imgs[ann['image_id']]
    seg = ann['segmentation']
    rle = M.frPyObjects(seg, image['height'], image['width']) if type(seg[0]) == list else seg
    m = np.sum(M.decode(rle), axis=2).astype(np.uint8)
    assert m.max() <= 1 and (m == coco.annToMask(ann)).all() and m.sum() == ann['area']
    return m
single = pickle.load(open(os.path.join(root, 'refs(unc).p'), 'rb'))
group = json.load(open(os.path.join(root, 'grefs(unc).json')))
out = {'single': {r['ref_id']: get(anns[r['ann_id']]).tolist() for r in single}, 'group': {}, 'refs': single}
for r in group:
    out['group'][r['ref_id']] = [get(anns[i]).tolist() for i in r['ann_id'] if i != -1]
print(json.dumps(out))
`;

test.skipIf(lacks('pycocotools.mask'))(
  'REFER, G_REFER and pycocotools get the same masks, pickle and all',
  async () => {
    const { target, single } = await exported();
    type Pixels = number[][];
    const found = (await runPython(script, target)) as {
      single: Record<string, Pixels>;
      group: Record<string, Pixels[]>;
      refs: unknown;
    };
    const rle = (pixels: Pixels) =>
      encodeRle({ width: pixels[0]!.length, height: pixels.length, data: Uint8Array.from(pixels.flat()) });
    const of = (id: number) => everything().instances.find((each) => each.id === id)!.rle;
    expect(rle(found.single['7']!)).toEqual(of(9));
    expect(found.group['2']!.map(rle)).toEqual([of(4), of(1), of(3)]);
    expect(found.group['1']!.map(rle)).toEqual([of(1), of(2)]);
    expect(found.group['3']).toEqual([]);
    expect(found.refs).toEqual(single);
  },
);
