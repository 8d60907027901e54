/**
 * @file Which component draws which stage: one line each. It draws what is between the top bar and the status bar, with
 * a `main` of its own. Screens other than the annotator's are loaded when they are first wanted.
 */
import { lazy, type ReactNode } from 'react';
import type { StageName } from '../document/stages.ts';
import { WorkScreen } from './WorkScreen.tsx';

const SelectStage = lazy(async () => ({ default: (await import('./select/SelectStage.tsx')).SelectStage }));
const QueriesStage = lazy(async () => ({ default: (await import('./queries-stage/QueriesStage.tsx')).QueriesStage }));
const ReviewStage = lazy(async () => ({ default: (await import('./review/ReviewStage.tsx')).ReviewStage }));
const AlignStage = lazy(async () => ({ default: (await import('./align/AlignStage.tsx')).AlignStage }));
const FiguresStage = lazy(async () => ({ default: (await import('./figures/FiguresStage.tsx')).FiguresStage }));
const EvaluateStage = lazy(async () => ({ default: (await import('./evaluate/EvaluateStage.tsx')).EvaluateStage }));

/** A stage without a line here is not on the top bar. */
export const stageScreens: Partial<Record<StageName, () => ReactNode>> = {
  select: () => <SelectStage />,
  queries: () => <QueriesStage />,
  review: () => <ReviewStage />,
  align: () => <AlignStage />,
  annotate: () => <WorkScreen />,
  figures: () => <FiguresStage />,
  evaluate: () => <EvaluateStage />,
};
