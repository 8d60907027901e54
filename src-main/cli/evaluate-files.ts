/** @file Opening what `evaluate` is given; pages open the same (api/evaluate-files.ts). */
export { openDetections, openResults, openTruth } from '../api/evaluate-files.ts';
