/** @file How long the last answer took, and where the time went. */
import { Tooltip } from '@mantine/core';
import { activeRun } from '../../document/selectors.ts';
import { useAppState } from '../app-context.ts';
import { Icon } from '../icons.tsx';
import { milliseconds } from '../parts/format.ts';

export function TimingStatus() {
  const timing = useAppState((state) => activeRun(state)?.timing ?? null);
  if (!timing) return null;
  const parts: readonly (readonly [string, number])[] = [
    ['Reading the photo', timing.decode_ms],
    ['Encoding', timing.encode_ms],
    ['Reasoning', timing.reason_ms],
    ['Masks', timing.segment_ms],
    ['Refining', timing.refine_ms],
  ];
  return (
    <Tooltip
      label={
        <span className="facts">
          {parts.map(([name, ms]) => [
            <span key={name}>{name}</span>,
            <span key={`${name}-ms`} className="number">
              {milliseconds(ms)}
            </span>,
          ])}
          <span>Decoder calls</span>
          <span className="number">{timing.decoder_calls}</span>
        </span>
      }
    >
      <span className="status-item">
        <Icon name="history" />
        <span className="number">Answer {milliseconds(timing.total_ms)}</span>
      </span>
    </Tooltip>
  );
}
