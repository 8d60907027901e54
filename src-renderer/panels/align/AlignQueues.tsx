/** @file Which queries are aligned, and from which overlap on a mask is chosen beforehand. */
import { Slider, Switch } from '@mantine/core';
import { useState } from 'react';
import { setThreshold, setValidatedOnly, switchQueue } from '../../tools/align.ts';
import { useApp, useAppState } from '../app-context.ts';

export function AlignQueues() {
  const app = useApp();
  const { name, validatedOnly } = useAppState(({ align }) => align);
  const left = useAppState(({ align }) => align.queue.left);
  const threshold = useAppState(({ settings }) => settings.alignOverlap);
  const [moving, setMoving] = useState<number | null>(null);
  const tabs = [
    ['waiting', 'To align'],
    ['unranked', 'To order'],
  ] as const;
  return (
    <section className="panel-part" aria-label="Queue">
      <div className="count-tabs">
        {tabs.map(([queue, text]) => (
          <button
            key={queue}
            type="button"
            className="key-button"
            aria-pressed={name === queue}
            onClick={() => name !== queue && void switchQueue(app)}
          >
            <span className="grow">{text}</span>
            <span className="number">{name === queue ? (left?.toLocaleString() ?? '') : ''}</span>
          </button>
        ))}
      </div>
      {name === 'waiting' ? (
        <Switch
          label="Validated only"
          checked={validatedOnly}
          onChange={(e) => void setValidatedOnly(app, e.target.checked)}
        />
      ) : null}
      <div className="row">
        <span className="align-threshold">Choose from overlap</span>
        <Slider
          className="grow"
          size="sm"
          thumbLabel="Overlap with the reference mask from which masks are chosen beforehand"
          label={null}
          min={0}
          max={1}
          step={0.05}
          value={moving ?? threshold}
          onChange={(value) => {
            setMoving(value);
            setThreshold(app, value);
          }}
          onChangeEnd={() => setMoving(null)}
        />
        <span className="number">{(moving ?? threshold).toFixed(2)}</span>
      </div>
    </section>
  );
}
