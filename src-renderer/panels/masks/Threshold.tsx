/** @file Hides proposals with a lower score, and deletes none. */
import { Slider } from '@mantine/core';
import { setThreshold } from '../../tools/view.ts';
import { useApp, useAppState } from '../app-context.ts';

export function Threshold({ hidden }: { readonly hidden: number }) {
  const app = useApp();
  const value = useAppState((state) => state.view.threshold);
  return (
    <div className="row threshold">
      <span className="small quiet">Score from</span>
      <Slider
        className="grow"
        size="sm"
        min={0}
        max={1}
        step={0.01}
        label={null}
        thumbLabel="Least score that is shown"
        value={value}
        onChange={(next) => setThreshold(app, next)}
      />
      <span className="small number threshold-value">{value.toFixed(2)}</span>
      <span className="sr-only" role="status">
        {hidden > 0 ? `${hidden} hidden` : ''}
      </span>
    </div>
  );
}
