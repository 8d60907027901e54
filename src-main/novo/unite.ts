/** @file Several similarity maps of one query, such as one a <SEG>: the method runs on each, and the answers become one. */
import type { Instance } from '../contract/segmentation.ts';
import { iou, unionAll } from '../mask/boolean.ts';
import type { MethodResult } from './method-result.ts';

/** Instances of two maps that agree more than this are the same thing. A part inside a whole agrees far less. */
const sameInstanceIou = 0.8;

/** Union of the masks; instances by score, each with the label of its map ("" for none). Of repeats the best one stays. */
export function uniteResults(results: readonly MethodResult[], labels: readonly string[]): MethodResult {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const all = results
    .flatMap(({ instances }, k) => instances.map((each) => (labels[k] ? { ...each, label: labels[k] } : each)))
    .sort((a, b) => b.score - a.score);
  const instances: Instance[] = [];
  for (const each of all) {
    const repeats = instances.some(({ segmentation }) => iou(segmentation, each.segmentation) > sameInstanceIou);
    if (!repeats) instances.push(each);
  }
  const confidence = results.flatMap((result) => result.confidence ?? []);
  return {
    ...(confidence.length === 0 ? {} : { confidence }),
    semantic: unionAll(results.map(({ semantic }) => semantic)),
    refined: unionAll(results.map(({ refined }) => refined)),
    instances,
    segmentMs: sum(results.map(({ segmentMs }) => segmentMs)),
    refineMs: sum(results.map(({ refineMs }) => refineMs)),
  };
}
