/** @file The bottom line: what computes, how the photo and the last answer did, what just happened, what is stored. */
import { DeviceStatus } from './DeviceStatus.tsx';
import { EncodingStatus } from './EncodingStatus.tsx';
import { HistoryButtons } from './HistoryButtons.tsx';
import { NoticeLine } from './NoticeLine.tsx';
import { OpacityControl } from './OpacityControl.tsx';
import { SavedStatus } from './SavedStatus.tsx';
import { TimingStatus } from './TimingStatus.tsx';
import './status.css';

export function StatusBar() {
  return (
    <footer className="status">
      <DeviceStatus />
      <EncodingStatus />
      <TimingStatus />
      <NoticeLine />
      <OpacityControl />
      <HistoryButtons />
      <SavedStatus />
    </footer>
  );
}
