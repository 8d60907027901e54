/** @file How many pixels one rem is; it grows with the window (theme/base.css). */
import { useSyncExternalStore } from 'react';

function subscribe(changed: () => void): () => void {
  addEventListener('resize', changed);
  return () => removeEventListener('resize', changed);
}
const read = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

export const useRem = (): number => useSyncExternalStore(subscribe, read);
