/** @file `evaluate` as somebody starts it: every kind of file, the tables, the report, the exit code. */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import type { Rle } from '../../src-main/contract/mask.ts';
import { encodeRle } from '../../src-main/contract/rle.ts';
import { hashFile, readImageInfo } from '../../src-main/engine/image/decode.ts';
import type { Report } from '../../src-main/evaluate/report.ts';
import { addImages } from '../../src-main/store/add-images.ts';
import { addInstance } from '../../src-main/store/instances.ts';
import { createProject } from '../../src-main/store/project.ts';
import { addQuery, setNoTarget } from '../../src-main/store/queries.ts';
import { select } from '../../src-main/store/records.ts';
import { temporaryFolder } from '../engine/scene.ts';
import { nothing, put, results, rows, truth } from '../evaluate/sets.ts';
import { randomMask, seeded } from '../metrics/scenes.ts';
import { novo } from './command.ts';

let home: string;
let gt: string;
let answers: string;

const evaluate = (...args: string[]) => novo(['evaluate', ...args], { home });

async function report(
  ...args: string[]
): Promise<{ code: number | null; report: Report; stdout: string; stderr: string }> {
  const out = join(await temporaryFolder(), 'report.json');
  const ended = await evaluate(...args, '--out', out, '--resamples', '20');
  expect(ended.stderr).not.toContain('bug');
  return { ...ended, report: JSON.parse(await readFile(out, 'utf8')) as Report };
}

const giou = (of: Report) => of.figures['refined.gIoU']!.value!;

beforeAll(async () => {
  home = await temporaryFolder();
  gt = put(home, 'gt.json', truth);
  answers = put(home, 'answers.jsonl', results);
});

test('JSON lines against COCO with queries: tables on stdout, a report, exit code 0', async () => {
  const { code, stdout, stderr, report: written } = await report('--gt', gt, '--results', answers);
  expect(code).toBe(0);
  expect(stdout).toContain('3 queries on 3 images, 3 answered');
  expect(stdout).toMatch(/refined +66\.7 \[/);
  expect(stdout).toContain('"nothing matches": recognised 100.0');
  expect(stdout).toMatch(/by family +queries/);
  expect(stderr).toContain('Not evaluated: 1 of status draft.');
  expect(giou(written)).toBeCloseTo(2 / 3, 4);
  expect(written).toMatchObject({ format: 'novo-evaluation', profile: 'lisa', resamples: 20, seed: 1 });
});

test('what is wrong with results is counted and told, and the exit code is 1', async () => {
  const lines = [results[0], '{"id": 12, "refined"', 'null', { id: 99, refined: nothing }, results[2]];
  const bad = put(home, 'bad.jsonl', lines);
  const { code, stderr, report: written } = await report('--gt', gt, '--results', bad);
  expect(code).toBe(1);
  expect(written.problems.counts).toEqual({ unreadable: 2, unknown: 1, missing: 1 });
  expect(stderr).toContain('Line 2 is not JSON');
  expect(stderr).toContain('Line 3 has no id');
  expect(stderr).toContain('"99", which the ground truth does not ask');
  expect(stderr).toContain('1 queries without a result (scored 0):\n  there is no result for "12".');
});

test('two files of results, compared query by query', async () => {
  const other = put(home, 'other.jsonl', [results[0], { ...results[1], refined: nothing, instances: [] }, results[2]]);
  const { code, stdout, report: written } = await report('--gt', gt, '--results', answers, '--against', other);
  expect(code).toBe(0);
  expect(stdout).toMatch(/refined\.gIoU +66\.7 +50\.0 +\+16\.7/);
  expect(written).toMatchObject({ against: { differences: { 'semantic.gIoU': { difference: 0, p: 1 } } } });
});

test('the page: needs nothing else, runs nothing, shows pictures of the answers, and takes no text for HTML', async () => {
  const folder = join(home, 'page');
  await mkdir(join(folder, 'photos'), { recursive: true });
  await sharp({ create: { width: 10, height: 10, channels: 3, background: '#333' } }).toFile(
    join(folder, 'photos/1.jpg'),
  );
  const queries = truth.queries.map((query) =>
    query.id === 11 ? { ...query, text: '<script>alert("1")</script>' } : query,
  );
  const file = put(folder, 'gt.json', { ...truth, queries });
  const page = join(folder, 'page.html');
  const ended = await evaluate('--gt', file, '--results', answers, '--html', page, '--resamples', '20');
  expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining('"13" is shown without its photo') });
  const text = await readFile(page, 'utf8');
  expect(text).not.toMatch(/<script|https?:|<link|@import/);
  expect(text).toContain('&#60;script&#62;');
  expect(text).toContain('66.7 <small>');
  const pictures = [...text.matchAll(/data:image\/jpeg;base64,([^"]+)"/g)].map(([, base64]) =>
    Buffer.from(base64!, 'base64'),
  );
  expect(pictures).toHaveLength(3); // every answer once, as one of the worst or of the best
  // The worst answer, row by row: found, then too much up to row 6 and missed below, and nothing in the last ones.
  const { data } = await sharp(pictures[0]).raw().toBuffer({ resolveWithObject: true });
  const row = (y: number) => [...data.subarray(3 * 10 * y, 3 * 10 * y + 3)];
  const [found, tooMuch, missed, rest] = [row(0), row(2), row(7), row(9)];
  expect(found![1]! - found![0]!).toBeGreaterThan(40); // green
  expect(tooMuch![0]! - tooMuch![1]!).toBeGreaterThan(5); // purple; JPEG mixes colours of neighbours
  expect(missed![0]! - missed![2]!).toBeGreaterThan(60); // orange
  expect(Math.max(...rest) - Math.min(...rest)).toBeLessThan(40); // the photo
});

test('COCO without queries: a batch by its requests, detections by category', async () => {
  const { queries: _, ...plain } = truth;
  const file = put(home, 'plain.json', plain);
  const requests = put(home, 'requests.jsonl', [
    { id: 11, image: '1.jpg', query: 'cups', width: 10, height: 10, category: 'cup', annotation_ids: [1, 2] },
    { id: 12, image: '2.jpg', query: 'dog', annotation_ids: [3] },
  ]);
  const lines = put(home, 'two.jsonl', results.slice(0, 2));
  const batch = await report('--gt', file, '--requests', requests, '--results', lines);
  expect([batch.code, giou(batch.report)]).toEqual([0, expect.closeTo(0.5, 5)]);

  const detections = put(home, 'detections.json', [
    { image_id: 1, category_id: 1, segmentation: rows(0, 2), score: 0.9 },
    { image_id: 1, category_id: 1, segmentation: rows(4, 8), score: 0.8 },
    { image_id: 2, category_id: 2, segmentation: rows(0, 10), score: 0.7 },
  ]);
  const coco = await report('--gt', file, '--results', detections);
  expect(coco.code).toBe(0);
  expect(coco.report).toMatchObject({ format: 'novo-evaluation-coco', images: 3, detections: 3 });
  const { summary } = coco.report as unknown as { summary: { AP: number; AP50: number } };
  expect([summary.AP50, summary.AP]).toEqual([expect.closeTo(1, 9), expect.closeTo(0.55, 9)]);
  expect(coco.stdout).toMatch(/cup +100\.0 +100\.0/);

  const refused = await evaluate('--gt', file, '--results', lines);
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('name the requests with --requests') });
});

test('detections with query_id; a query without one is answered with nothing', async () => {
  const detections = put(home, 'by-query.json', [
    { image_id: 1, query_id: 11, segmentation: rows(0, 2), score: 0.9 },
    { image_id: 2, query_id: 12, segmentation: rows(0, 5), score: 0.7 },
  ]);
  const { code, report: written } = await report('--gt', gt, '--results', detections);
  expect([code, giou(written)]).toEqual([0, expect.closeTo((20 / 60 + 1 + 1) / 3, 4)]);
});

test('a ReasonSeg folder, its ignored pixels and both profiles', async () => {
  const folder = join(home, 'reasonseg');
  await mkdir(folder);
  const square = (label: string, x: number, y: number, side: number) => ({
    label,
    points: [
      [x, y],
      [x + side, y],
      [x + side, y + side],
      [x, y + side],
    ].map((point) => point.map((value) => value + 0.4)),
  });
  // OpenCV paints the far edge too: 0 to 3 inclusive, 16 pixels, and 64 to ignore.
  const shapes = [square('target', 0, 0, 3), square('Ignore this', 10, 10, 7), square('flag', 0, 0, 19)];
  const sample = { text: ['the small one', 'another wording'], is_sentence: false, shapes };
  await writeFile(join(folder, 'a.json'), JSON.stringify(sample));
  await writeFile(join(folder, 'broken.json'), '{');
  await sharp({ create: { width: 20, height: 20, channels: 3, background: '#888' } }).toFile(join(folder, 'a.jpg'));
  const refined = encodeRle({
    width: 20,
    height: 20,
    data: Uint8Array.from({ length: 400 }, (_, i) => Number((i % 20 < 4 && i < 80) || (i % 20 >= 10 && i >= 340))),
  });
  const lines = put(home, 'reasonseg.jsonl', [{ id: 'a', refined }]);
  const lisa = await report('--gt', folder, '--results', lines);
  expect([lisa.code, lisa.report.problems.counts]).toEqual([1, { 'ground-truth': 1 }]);
  // 16 target pixels and 30 more, of which 8 are ignored.
  expect(giou(lisa.report)).toBeCloseTo(16 / (16 + 22), 4);
  expect(lisa.report.perQuery[0]).toMatchObject({ text: 'the small one' });
  const segZero = await report('--gt', folder, '--results', lines, '--metrics', 'seg-zero');
  expect(giou(segZero.report)).toBe((16 + 8) / (16 + 64 + 22));
});

test('a project and its export: matched by photo and words', async () => {
  const photos = join(home, 'project-photos', 'photos');
  await mkdir(photos, { recursive: true });
  for (const name of ['1.jpg', '2.jpg', '3.jpg']) {
    const grey = { r: 10 * Number(name[0]), g: 0, b: 0 };
    await sharp({ create: { width: 10, height: 10, channels: 3, background: grey } }).toFile(join(photos, name));
  }
  const project = await createProject(join(home, 'project'), {
    images: [join(home, 'project-photos')],
    backupEveryMs: 0,
  });
  await addImages(project, { head: readImageInfo, hash: hashFile });
  const { db } = project;
  const actor = { who: 'Kim' };
  const said: Record<string, [text: string, mask: Rle | null]> = {
    '1': ['What holds tea?', rows(0, 6)],
    '2': ['who barks? ', rows(0, 5)],
    '3': ['Who purrs?', null],
  };
  for (const image of select(db, 'image', '1 = 1')) {
    const [text, rle] = said[image.path.at(-5)!]!;
    const query = addQuery(db, { imageId: image.id, text }, actor).result;
    if (rle) addInstance(db, { imageId: image.id, rle, queryIds: [query.id] }, actor);
    else setNoTarget(db, query.id, true, actor);
  }
  await project.close();
  const folder = join(home, 'project');
  const { code, stderr, report: written } = await report('--gt', gt, '--results', folder);
  expect([stderr.includes('without a result'), code]).toEqual([false, 0]);
  expect(giou(written)).toBeCloseTo((0.5 + 1 + 1) / 3, 4);
  const exported = join(home, 'exported.json');
  expect((await novo(['project', 'export', folder, exported, '--all'], { home })).code).toBe(0);
  expect(giou((await report('--gt', gt, '--results', exported)).report)).toBeCloseTo(giou(written), 12);
  const itself = await report('--gt', exported, '--results', exported);
  expect([itself.code, giou(itself.report)]).toEqual([0, expect.closeTo(1, 5)]);
});

test('wrong options and files are refused with what to do', async () => {
  const wrong: [string[], number, string][] = [
    [['--gt', gt], 2, 'evaluate needs --gt and --results'],
    [['--gt', gt, '--results', answers, '--metrics', 'coco'], 2, '--metrics is one of lisa, seg-zero, not "coco"'],
    [['--gt', gt, '--results', answers, '--resamples', 'many'], 2, '--resamples is a whole number'],
    [['--gt', `${gt}x`, '--results', answers], 1, `There is nothing at ${gt}x`],
    [['--gt', gt, '--results', `${gt}x`], 1, `There is nothing at ${gt}x`],
    [['--gt', answers, '--results', answers], 2, 'is not a JSON object'],
    [['--gt', put(home, 'empty.json', { ...truth, queries: [] }), '--results', answers], 2, 'asks nothing'],
  ];
  const all = await Promise.all(wrong.map(([args]) => evaluate(...args)));
  for (const [k, [, code, message]] of wrong.entries()) {
    const ended = all[k]!;
    expect({ code: ended.code, stderr: ended.stderr, stdout: ended.stdout }).toEqual({
      code,
      stderr: expect.stringContaining(message),
      stdout: '',
    });
  }
});

test('5,000 results of 100 MB are scored in 96 MB of heap', async () => {
  const random = seeded(1);
  const side = 48;
  const answer = 'thinking '.repeat(2000);
  const masks = Array.from({ length: 8 }, () => {
    const noise = Uint8Array.from({ length: side * side }, () => (random() < 0.5 ? 1 : 0));
    return encodeRle({ width: side, height: side, data: noise });
  });
  const small = encodeRle(randomMask(seeded(3), side, side));
  const images = Array.from({ length: 5000 }, (_, id) => ({ id, width: side, height: side }));
  const annotations = images.map(({ id }) => ({ id, image_id: id, category_id: 1, area: 9, segmentation: small }));
  const queries = images.map(({ id }) => ({ id, image_id: id, text: `query ${id}`, annotation_ids: [id] }));
  const large = put(home, 'large.json', { images, annotations, categories: [{ id: 1, name: 'noise' }], queries });
  const file = join(home, 'large.jsonl');
  const stream = createWriteStream(file);
  for (const { id } of images) {
    const refined = masks[id % masks.length];
    if (
      !stream.write(`${JSON.stringify({ id, answer, refined, instances: [{ segmentation: refined, score: 0.5 }] })}\n`)
    ) {
      await once(stream, 'drain');
    }
  }
  stream.end();
  await once(stream, 'finish');
  const args = ['evaluate', '--gt', large, '--results', file, '--resamples', '10'];
  const ended = await novo(args, { home, node: ['--max-old-space-size=96'] });
  expect(ended).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('5000 queries on 5000 images, 5000 answered'),
  });
});
