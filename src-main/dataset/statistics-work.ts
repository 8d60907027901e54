/** @file What the work on a dataset has cost, and what became of the proposals of each model. */
import type { ModelFigure, PersonFigure, WorkFigures } from '../contract/figures.ts';
import { distributionOf } from './statistics-numbers.ts';

const bins = {
  seconds: [0, 1, 2, 3, 5, 7.5, 10, 15, 20, 30, 45, 60, 120, 300],
  clicks: [0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30],
} as const;

export type ModelFacts = Omit<ModelFigure, 'acceptance'>;

/** @param costs of the masks that people worked on. */
export function workFigures(
  costs: readonly { readonly ms: number; readonly clicks: number }[],
  models: readonly ModelFacts[],
  people: readonly PersonFigure[],
): WorkFigures {
  return {
    secondsPerInstance: distributionOf(
      costs.map(({ ms }) => ms / 1000),
      bins.seconds,
    ),
    clicksPerInstance: distributionOf(
      costs.map(({ clicks }) => clicks),
      bins.clicks,
    ),
    models: models.map((model) => ({ ...model, acceptance: acceptanceOf(model) })),
    people: [...people],
  };
}

function acceptanceOf({ asProposed, corrected, rejected }: ModelFacts): number | null {
  const accepted = asProposed + corrected;
  return accepted + rejected === 0 ? null : accepted / (accepted + rejected);
}
