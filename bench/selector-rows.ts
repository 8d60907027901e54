/**
 * @file What the selector learns from: a line a request, with the features of every mask that the search was shown and the
 * highest IoU of each with an object that the map asks for.
 *
 *   node scripts/run.mjs bench/selector-rows.ts REQUESTS.jsonl... > rows.jsonl
 *
 * REQUESTS as refine-maps.ts makes them, on the photos of NOVO_DATA/coco-dev. { image, rows: [[...features, IoU]] }.
 */
import { join, resolve } from 'node:path';
import { decodeImage } from '../src-main/engine/image/decode.ts';
import { cocoIou } from '../src-main/metrics/coco-match.ts';
import { regionOf } from '../src-main/metrics/region.ts';
import { candidatesOf } from '../src-main/novo/candidate-features.ts';
import { rleMaker } from '../src-main/novo/postprocess.ts';
import { search } from '../src-main/novo/search.ts';
import { featuresOf } from '../src-main/novo/selector.ts';
import { type GreedyRefinement, refinements, stockVisualPrompts } from '../src-main/novo/settings.ts';
import { visualPrompt } from '../src-main/novo/visual-prompts.ts';
import { activationOf, maskOf, readCoco, readOracleRequests } from './refine-requests.ts';
import { openMobileSam } from './refine-segmenter.ts';

const folder = join(process.env['NOVO_DATA'] ?? '../shared/data', 'coco-dev');
const annotations = new Map(readCoco(folder).annotations.map((annotation) => [annotation.id, annotation]));
const segmenter = await openMobileSam();
const refinement = refinements.default as GreedyRefinement;
const requests = process.argv
  .slice(2)
  .flatMap((file) => readOracleRequests(resolve(file)))
  .sort((a, b) => (a.image < b.image ? -1 : Number(a.image > b.image)));

let last = '';
let embedding: Awaited<ReturnType<typeof segmenter.encode>> | undefined;
for (const request of requests) {
  const { image, width, height } = request;
  if (!embedding || last !== image) embedding = await segmenter.encode(await decodeImage(join(folder, image)));
  last = image;
  const { frame } = embedding;
  const decode = segmenter.decoder(embedding, { onnxMs: 0, runs: 0 });
  const { singleToken } = segmenter.spec.decoder.outputs;
  const activation = activationOf(request);
  const prompt = visualPrompt(activation, frame, stockVisualPrompts, 'both');
  const [answer] = await decode([prompt]);
  const first = { prompt, s: answer!.logits[singleToken ?? 0]!, l: prompt.mask! };
  const found = await search(first, activation, frame, { decode, singleToken }, refinement);
  const candidates = candidatesOf(found, first.s, first.l, frame);
  const truths = request.annotation_ids.map((id) => regionOf(maskOf(annotations.get(id)!, width, height)));
  const toRle = rleMaker(frame);
  const rows = featuresOf(candidates, frame).map((features, k) => {
    const mask = regionOf(toRle(candidates[k]!.logits));
    return [...features, Math.max(...truths.map((truth) => cocoIou(mask, truth)))].map((v) => Number(v.toFixed(4)));
  });
  process.stdout.write(`${JSON.stringify({ image, rows })}\n`);
}
await segmenter.release();
