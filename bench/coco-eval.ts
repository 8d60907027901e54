/**
 * @file COCO's average precision against pycocotools: 36,000 instances, from two files on disk to the twelve figures,
 * which must be the same to 1e-9. The instances of coco-dev (`NOVO_DATA`) are repeated as further images; detections are
 * those instances cut, doubled and missed. Both sides run in turn, in processes of their own; times are those of the
 * processor, all threads together, so that they hold on a busy machine.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Rle } from '../src-main/contract/mask.ts';
import { rleOf } from '../src-main/contract/rle.ts';
import { matchCoco } from '../src-main/evaluate/coco.ts';
import { collectProblems } from '../src-main/evaluate/problems.ts';
import { readCocoResults } from '../src-main/evaluate/results.ts';
import { readCoco, runsOfSegmentation } from '../src-main/formats/coco/read.ts';
import { summariseCoco, summaryNames } from '../src-main/metrics/coco-ap.ts';
import { seededRandom } from '../src-main/metrics/resample.ts';

const wanted = 36_000;
const rounds = 3;

export async function bench(): Promise<void> {
  const data = process.env['NOVO_DATA'] ?? join(import.meta.dirname, '../../shared/data');
  const source = join(data, 'coco-dev', 'instances.json');
  const python = process.env['NOVO_PYTHON'] ?? 'python3';
  if (!existsSync(source)) return console.error(`coco-eval: skipped, there is no ${source} (NOVO_DATA).`);
  if (spawnSync(python, ['-c', 'import pycocotools.cocoeval']).status !== 0) {
    return console.error(`coco-eval: skipped, ${python} has no pycocotools (NOVO_PYTHON).`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'novo-bench-'));
  try {
    const files = { truth: join(folder, 'truth.json'), results: join(folder, 'results.json') };
    const size = await writeJob(source, files);
    console.log(`COCO evaluation of ${size.annotations} instances and ${size.detections} detections\n`);
    console.log('| round | ours read s | evaluate s | theirs read s | evaluate s | evaluate x | all x |');
    console.log('|---|---|---|---|---|---|---|');
    const ratios: { evaluate: number; all: number }[] = [];
    for (let round = 1; round <= rounds; round++) {
      const mine = ask(process.execPath, [import.meta.filename], files);
      const theirs = ask(python, [join(import.meta.dirname, 'coco_eval.py')], files);
      for (const [k, name] of summaryNames.entries()) {
        if (Math.abs(mine.stats[k]! - theirs.stats[k]!) < 1e-9) continue;
        throw new Error(`${name} is ${mine.stats[k]} here and ${theirs.stats[k]} by pycocotools.`);
      }
      const all = (theirs.read + theirs.evaluate) / (mine.read + mine.evaluate);
      const ratio = { evaluate: theirs.evaluate / mine.evaluate, all };
      ratios.push(ratio);
      const times = [mine.read, mine.evaluate, theirs.read, theirs.evaluate].map((time) => time.toFixed(2));
      console.log(`| ${round} | ${times.join(' | ')} | ${ratio.evaluate.toFixed(1)} | ${ratio.all.toFixed(1)} |`);
    }
    const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!.toFixed(1);
    const [evaluate, all] = [median(ratios.map((each) => each.evaluate)), median(ratios.map((each) => each.all))];
    console.log(
      `\nFaster than pycocotools (median): evaluating ${evaluate} x, with reading ${all} x; figures equal to 1e-9.`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Files = { truth: string; results: string };
type Timed = { read: number; evaluate: number; stats: number[] };

function ask(program: string, args: string[], { truth, results }: Files): Timed {
  const run = spawnSync(program, [...args, truth, results], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (run.status !== 0) throw new Error(`${program} failed: ${run.stderr}`);
  return JSON.parse(run.stdout) as Timed;
}

async function writeJob(source: string, files: Files) {
  const file = await readCoco(source, (problem) => console.error(problem));
  const random = seededRandom(1);
  const own = [...file.annotations.values()].map((annotation) => {
    const { width, height } = file.images.get(annotation.image_id)!;
    return { annotation, runs: runsOfSegmentation(annotation.segmentation, width, height).slice(), width, height };
  });
  const copies = Math.ceil(wanted / own.length);
  const images = [];
  const annotations = [];
  const detections = [];
  for (let copy = 0; copy < copies; copy++) {
    const shift = copy * 10_000_000;
    for (const image of file.images.values()) images.push({ ...image, id: shift + (image.id as number) });
    for (const { annotation, runs, width, height } of own) {
      const common = { image_id: shift + (annotation.image_id as number), category_id: annotation.category_id };
      const { segmentation, area } = annotation;
      annotations.push({
        ...common,
        id: annotations.length + 1,
        segmentation,
        area,
        iscrowd: annotation.iscrowd ? 1 : 0,
      });
      for (let n = random() < 0.15 ? 2 : random() < 0.2 ? 0 : 1; n > 0; n--) {
        detections.push({
          ...common,
          segmentation: cut(runs, height, width, random()),
          score: Number(random().toFixed(3)),
        });
      }
    }
  }
  writeFileSync(files.truth, JSON.stringify({ images, annotations, categories: [...file.categories.values()] }));
  writeFileSync(files.results, JSON.stringify(detections));
  return { annotations: annotations.length, detections: detections.length };
}

/** The mask with up to half of its runs taken away from the end. */
function cut(runs: Uint32Array, height: number, width: number, share: number): Rle {
  const keep = 2 * Math.ceil(((1 - share / 2) * runs.length) / 2);
  if (keep >= runs.length) return rleOf(runs, height, width);
  const kept = runs.slice(0, keep + 1);
  kept[keep] = runs.subarray(keep).reduce((sum, run) => sum + run, 0);
  return rleOf(kept, height, width);
}

/** Our side, as a process of its own. */
async function evaluate(truthFile: string, resultsFile: string): Promise<Timed> {
  const seconds = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  };
  const start = seconds();
  const problems = collectProblems();
  const file = await readCoco(truthFile, (problem) => problems.tell('ground-truth', problem));
  const values = JSON.parse(await readFile(resultsFile, 'utf8')) as unknown[];
  const results = readCocoResults(values, problems);
  const read = seconds();
  const summary = summariseCoco(matchCoco(file, results, problems).map(({ matches }) => matches));
  const done = seconds();
  if (problems.report().total > 0) throw new Error(JSON.stringify(problems.report()));
  const stats = summaryNames.map((name) => summary[name] ?? -1);
  return { read: read - start, evaluate: done - read, stats };
}

if (process.argv[1] === import.meta.filename) {
  console.log(JSON.stringify(await evaluate(process.argv[2]!, process.argv[3]!)));
}
