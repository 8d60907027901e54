/**
 * @file What COCO's own tools make of an export. Runs where NOVO_PYTHON, or else python3, can import pycocotools; skipped
 * elsewhere.
 */
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exportCoco } from '../../../src-main/formats/coco/export.ts';
import { everything, sourceOf, temporary } from './project.ts';

const python = process.env['NOVO_PYTHON'] || 'python3';
const missing = spawnSync(python, ['-c', 'import pycocotools.cocoeval']).status !== 0;
if (missing) console.warn(`skipped: ${python} has no pycocotools (NOVO_PYTHON names another Python)`);

/** Decodes every mask as COCO does and evaluates the file against itself. */
const script = `
import contextlib, io, json, sys
from pycocotools import mask as M
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
out = {}
with contextlib.redirect_stdout(io.StringIO()):
    gt = COCO(sys.argv[1])
    masks = {}
    for a in gt.loadAnns(gt.getAnnIds()):
        rle = gt.annToRLE(a)
        assert gt.annToMask(a).sum() == a['area'] == M.area(rle)
        assert list(M.toBbox(rle)) == a['bbox']
        masks[a['id']] = {'size': list(rle['size']), 'counts': M.encode(M.decode(rle))['counts'].decode()}
    rows = [{'image_id': a['image_id'], 'category_id': a['category_id'], 'segmentation': gt.annToRLE(a), 'score': 0.9}
            for a in gt.loadAnns(gt.getAnnIds())]
    ev = COCOeval(gt, gt.loadRes(rows), 'segm')
    ev.evaluate(); ev.accumulate(); ev.summarize()
print(json.dumps({'masks': masks, 'ap': ev.stats[0], 'images': gt.getImgIds(),
                  'names': [i['file_name'] for i in gt.dataset['images']]}))
`;

for (const segmentation of ['auto', 'rle'] as const) {
  test.skipIf(missing)(`pycocotools reads ${segmentation} as the same masks, and AP with itself is 1`, async () => {
    const folder = await temporary();
    const file = join(folder, 'out.json');
    const records = everything();
    await exportCoco(sourceOf(records), file, { segmentation });
    await writeFile(join(folder, 'check.py'), script);
    const run = spawnSync(python, [join(folder, 'check.py'), file], {
      encoding: 'utf8',
      env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
    });
    expect(run.stderr).not.toContain('Error');
    const { masks, ap, images, names } = JSON.parse(run.stdout);
    const wanted = records.instances.filter(({ id }) => id !== 5).map(({ id, rle }) => [id, rle]);
    expect(masks).toEqual(Object.fromEntries(wanted));
    expect(ap).toBeCloseTo(1, 12);
    expect(images).toEqual(records.images.map(({ id }) => id));
    expect(names).toEqual(records.images.map(({ path }) => path));
  });
}
