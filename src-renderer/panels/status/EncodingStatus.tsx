/** @file Whether the photo is ready for clicks, and how long that took. */
import { Loader, Tooltip } from '@mantine/core';
import { useAppState } from '../app-context.ts';
import { Icon } from '../icons.tsx';
import { milliseconds } from '../parts/format.ts';

export function EncodingStatus() {
  const encoding = useAppState((state) => state.open?.encoding ?? null);
  if (!encoding) return null;
  const { state, ms, cached, failure } = encoding;
  if (state === 'failed') {
    return (
      <Tooltip label={failure?.hint ?? 'Clicks and queries on this photo cannot be answered.'}>
        <span className="status-item bad">
          <Icon name="error" />
          <span className="cut">{failure?.message ?? 'Not encoded'}</span>
        </span>
      </Tooltip>
    );
  }
  if (state === 'ready') {
    const note = cached || ms === 0 ? 'It was encoded before.' : 'The photo is encoded: clicks are answered at once.';
    return (
      <Tooltip label={note}>
        <span className="status-item good">
          <Icon name="accept" />
          <span className="number">Ready{ms && !cached ? `, ${milliseconds(ms)}` : ''}</span>
        </span>
      </Tooltip>
    );
  }
  return (
    <span className="status-item">
      <Loader size="0.75rem" aria-hidden="true" />
      <span>{state === 'encoding' ? 'Encoding photo' : 'Waiting to encode'}</span>
    </span>
  );
}
