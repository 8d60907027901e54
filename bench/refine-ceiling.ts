/**
 * @file How near the default refinement comes to the best choice among its own candidates, and among those of a grid
 * of 24 x 24 points on S > 0: instances recalled at IoU 0.5, and the IoU and boundary IoU (3 px) of the best union,
 * beside what S and the profile reach, and what the truth itself would get (refine-reference.ts). On the oracle activations in NOVO_DATA, or on those that NOVO_BENCH_REQUESTS
 * names (relative to coco-dev); NOVO_BENCH_PHOTOS says how many of each file. Takes some seconds a photo.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { maskToModel } from '../src-main/contract/geometry.ts';
import { decodeImage } from '../src-main/engine/image/decode.ts';
import type { Segmenter } from '../src-main/engine/segmenter.ts';
import { combineRegions, emptyRegion, type Region, regionOf } from '../src-main/metrics/region.ts';
import { rleMaker } from '../src-main/novo/postprocess.ts';
import { refineGreedily } from '../src-main/novo/refine-greedy.ts';
import { gridPrompts } from '../src-main/novo/refine-paper.ts';
import type { Decode } from '../src-main/novo/segmenter.ts';
import { type GreedyRefinement, refinements, stockVisualPrompts } from '../src-main/novo/settings.ts';
import { visualPrompt } from '../src-main/novo/visual-prompts.ts';
import { bestUnion, boundary, plainIou, recalled } from './refine-oracle.ts';
import { movedBy, throughLogits } from './refine-reference.ts';
import { activationOf, maskOf, type OracleRequest, readCoco, readOracleRequests } from './refine-requests.ts';
import { openMobileSam } from './refine-segmenter.ts';

const steps = 24;
const percent = (value: number) => (100 * value).toFixed(1);

export async function bench(): Promise<void> {
  const folder = join(process.env['NOVO_DATA'] ?? '../shared/data', 'coco-dev');
  if (!existsSync(folder)) return console.log(`refine-ceiling: no photos with ground truth in ${folder}.`);
  const own = process.env['NOVO_BENCH_REQUESTS'];
  const files = own ? own.split(',') : ['oracle-multi.jsonl', 'oracle-single.jsonl'];
  const limit = Number(process.env['NOVO_BENCH_PHOTOS'] ?? Infinity);
  const segmenter = await openMobileSam();
  const annotations = new Map(readCoco(folder).annotations.map((annotation) => [annotation.id, annotation]));
  const truthsOf = ({ annotation_ids, width, height }: OracleRequest) =>
    annotation_ids.map((id) => regionOf(maskOf(annotations.get(id)!, width, height)));
  for (const file of files) {
    const requests = readOracleRequests(resolve(folder, file)).slice(0, limit);
    const rows: Record<string, Sums> = {};
    for (const request of requests) await addPhoto(rows, request, truthsOf(request), folder, segmenter);
    console.log(`${file}: ${requests.length} photos, in percent`);
    console.table(Object.fromEntries(Object.entries(rows).map(([name, sums]) => [name, told(sums, requests.length)])));
  }
  await segmenter.release();
}

type Sums = { recalled: number; truths: number; iou: number; boundary: number; candidates: number };

const told = (sums: Sums, photos: number) => ({
  'objects recalled': percent(sums.recalled / sums.truths),
  gIoU: percent(sums.iou / photos),
  'boundary IoU': percent(sums.boundary / photos),
  'masks a photo': (sums.candidates / photos).toFixed(0),
});

async function addPhoto(
  rows: Record<string, Sums>,
  request: OracleRequest,
  truths: readonly Region[],
  folder: string,
  segmenter: Segmenter,
): Promise<void> {
  const { frame, whole, instances, tried, first, grid } = await masksOf(request, folder, segmenter);
  const target = united(truths, request);
  const add = (name: string, candidates: readonly Region[], iou: number, border: number) => {
    rows[name] ??= { recalled: 0, truths: 0, iou: 0, boundary: 0, candidates: 0 };
    const sums = rows[name];
    sums.recalled += recalled(candidates, truths);
    sums.truths += truths.length;
    sums.iou += iou;
    sums.boundary += border;
    sums.candidates += candidates.length;
  };
  let [bestIou, bestBorder] = [0, 0];
  // The greedy choice among more masks now and then ends lower: the best so far counts for "both".
  const best = (name: string, candidates: readonly Region[], atLeast = [0, 0]) => {
    const iou = Math.max(atLeast[0]!, bestUnion(candidates, target, plainIou));
    const border = Math.max(atLeast[1]!, bestUnion(candidates, target, boundary));
    [bestIou, bestBorder] = [Math.max(bestIou, iou), Math.max(bestBorder, border)];
    add(name, candidates, iou, border);
  };
  add('S', [first], plainIou(first, target), boundary(first, target));
  add('default', instances, plainIou(whole, target), boundary(whole, target));
  best("best of default's own", tried);
  best(`best of a ${steps} x ${steps} grid`, grid);
  best('best of both', [...tried, ...grid], [bestIou, bestBorder]);
  const reference = (name: string, change: (mask: Region) => Region) => {
    const mask = change(target);
    add(name, truths.map(change), plainIou(mask, target), boundary(mask, target));
  };
  reference('truth through 256 x 256 logits', (mask) => throughLogits(mask, frame));
  for (const pixels of [1, 2]) reference(`truth moved by ${pixels} px`, (mask) => movedBy(mask, pixels));
}

/** The profile's answer, every mask that it was shown, S, and every mask of the grid's points. */
async function masksOf(request: OracleRequest, folder: string, segmenter: Segmenter) {
  const embedding = await segmenter.encode(await decodeImage(join(folder, request.image)));
  const { frame } = embedding;
  const toRle = rleMaker(frame);
  const toRegion = (logits: Float32Array) => regionOf(toRle(logits));
  const ask = segmenter.decoder(embedding, { onnxMs: 0, runs: 0 });
  const tried: Region[] = [];
  const decode: Decode = async (prompts) => {
    const answers = await ask(prompts);
    for (const { logits } of answers) tried.push(...logits.map(toRegion));
    return answers;
  };
  const activation = activationOf(request);
  const prompt = visualPrompt(activation, frame, stockVisualPrompts, 'both');
  const { singleToken } = segmenter.spec.decoder.outputs;
  const [answer] = await decode([prompt]);
  const s = answer!.logits[singleToken ?? 0]!;
  const search = { decode, singleToken };
  const refinement = refinements.default as GreedyRefinement;
  const found = await refineGreedily({ prompt, s, l: prompt.mask! }, activation, frame, search, refinement);
  const grid: Region[] = [];
  const [interval] = maskToModel(frame, frame.maskSize / steps, 0);
  for (const point of gridPrompts(s, frame, interval)) {
    for (const { logits } of await ask([point])) grid.push(...logits.map(toRegion));
  }
  return {
    frame,
    whole: toRegion(found.semantic),
    instances: found.instances.map(({ logits }) => toRegion(logits)),
    tried,
    first: toRegion(s),
    grid,
  };
}

const united = (regions: readonly Region[], { width, height }: OracleRequest): Region =>
  regions.reduce((all, region) => combineRegions(all, region, 'union'), emptyRegion(height, width));
