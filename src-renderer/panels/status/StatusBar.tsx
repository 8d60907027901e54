/** @file The bottom line: what computes, how the photo and the last answer did, what just happened, what is stored. */
import { useAppState } from '../app-context.ts';
import { DeviceStatus } from './DeviceStatus.tsx';
import { EncodingStatus } from './EncodingStatus.tsx';
import { HistoryButtons } from './HistoryButtons.tsx';
import { NoticeLine } from './NoticeLine.tsx';
import { OpacityControl } from './OpacityControl.tsx';
import { SavedStatus } from './SavedStatus.tsx';
import { TimingStatus } from './TimingStatus.tsx';
import './status.css';

export function StatusBar() {
  const annotates = useAppState(({ stage }) => stage === 'annotate');
  return (
    <footer className="status">
      <DeviceStatus />
      {annotates ? <EncodingStatus /> : null}
      {annotates ? <TimingStatus /> : null}
      <NoticeLine />
      <OpacityControl />
      {annotates ? <HistoryButtons /> : null}
      <SavedStatus />
    </footer>
  );
}
