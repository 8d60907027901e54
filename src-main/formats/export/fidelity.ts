/** @file How well the masks of an export are those of the project, by the rule that its readers fill by. */
import type { ExportFidelity } from '../../contract/export-profiles.ts';

export type Fidelity = {
  /** @param iou of the mask as readers get it with the mask of the project, 0 to 1. */
  add(iou: number): void;
  report(): ExportFidelity;
};

export function measureFidelity(): Fidelity {
  let masks = 0;
  let exact = 0;
  let sum = 0;
  let worst = 1;
  return {
    add(iou) {
      masks++;
      if (iou === 1) exact++;
      sum += iou;
      worst = Math.min(worst, iou);
    },
    report: () => ({ masks, exact, worst, mean: masks === 0 ? 1 : sum / masks }),
  };
}
