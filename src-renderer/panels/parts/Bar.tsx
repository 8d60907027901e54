/** @file How far a long work is, with a name, and a button that stops it. */
import { Button, Progress } from '@mantine/core';
import { percent } from './format.ts';

type BarProps = {
  readonly label: string;
  readonly done: number;
  /** 0 where it is not known. */
  readonly total: number;
  readonly onCancel?: () => void;
};

export function Bar({ label, done, total, onCancel }: BarProps) {
  const value = percent(done, total);
  return (
    <div className="row">
      <div className="grow stack" style={{ gap: '0.25rem' }}>
        <div className="row">
          <span className="grow cut">{label}</span>
          <span className="number quiet">{total > 0 ? `${value} %` : ''}</span>
        </div>
        <Progress value={total > 0 ? value : 100} animated={total <= 0} size="sm" aria-label={label} />
      </div>
      {onCancel ? <Button onClick={onCancel}>Cancel</Button> : null}
    </div>
  );
}
