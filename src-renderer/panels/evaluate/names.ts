/** @file Names and numbers of an evaluation as people read them. */
import type { AnsweringModel, EvaluateProgress } from '../../../src-main/contract/methods-evaluate.ts';
import type { Reasoner } from '../../../src-main/contract/methods-models.ts';

/** Of a share, with one digit; a dash where there is none. */
export const perCent = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : (100 * value).toFixed(1);

export const signed = (value: number): string => `${value >= 0 ? '+' : '−'}${perCent(Math.abs(value))}`;

/** What each figure measures; the whole is in docs/evaluate.md. */
export const meanings: Readonly<Record<string, string>> = {
  gIoU: 'Mean IoU of the queries',
  cIoU: 'All intersections over all unions: large things count more',
  bIoU: 'IoU of bands of 3 pixels inside the outlines: how good the borders are',
  bF1: 'F of the outlines within 3 pixels',
  AP: 'Average precision over IoU .5 to .95, all instances as one class',
  AP50: 'Average precision at IoU .5',
  F1: 'Precision and recall of the instances at IoU .5 in one number',
  precision: 'Share of the offered instances that are right at IoU .5',
  recall: 'Share of the true instances that were found at IoU .5',
};

const parts: Readonly<Record<string, string>> = {
  category: 'Category',
  supercategory: 'Supercategory',
  size: 'Size',
  targets: 'Number of targets',
  reasoning_type: 'Reasoning',
  form: 'Form',
  source: 'Source of the query',
  answer: 'Answer holds',
  family: 'Family',
};

export const partName = (name: string): string => parts[name] ?? name;

/** The order in which the parts of a project are most wanted. */
export const partOrder = (name: string): number => {
  const at = Object.keys(parts).indexOf(name);
  return at < 0 ? Number.POSITIVE_INFINITY : at;
};

const masks: Readonly<Record<string, string>> = {
  semantic: 'Before refinement',
  refined: 'After refinement',
  instances: 'Instances',
  noTarget: 'Nothing matches',
};

const others: Readonly<Record<string, string>> = { recognised: 'recognised', falseAlarms: 'said by mistake' };

/** "refined.gIoU" as "After refinement: gIoU"; null for a figure that is only in the saved report. */
export function figureName(figure: string): string | null {
  const [of = '', name = ''] = figure.split('.');
  if (!meanings[name] && !others[name]) return null;
  return `${masks[of] ?? of}: ${others[name] ?? name}`;
}

/** A model, by the title of its reasoner where that is installed. */
export function modelName({ pack, reasoner, profile }: AnsweringModel, reasoners: readonly Reasoner[]): string {
  const title = reasoners.find(({ id }) => id === reasoner)?.title ?? reasoner ?? 'no language model';
  return `${title}, ${pack}${profile === null ? '' : `, ${profile}`}`;
}

const stages: Readonly<Record<EvaluateProgress['stage'], string>> = {
  read: 'Reading the accepted queries',
  score: 'Comparing masks',
  compare: 'Comparing with the other model',
  intervals: 'Working out how sure the figures are',
  pictures: 'Looking up the worst and the best',
};

export const stageName = (stage: EvaluateProgress['stage']): string => stages[stage];
