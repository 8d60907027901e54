/** @file The settings and how a panel changes them; what could not be written is said beside the control. */
import { useCallback } from 'react';
import type { Input } from '../../../src-main/contract/api.ts';
import { useAppState } from '../app-context.ts';
import { useCall } from '../parts/use-call.ts';

export function useSettings() {
  const settings = useAppState((state) => state.settings);
  const { run, failure, busy } = useCall('settings.write');
  const write = useCallback((edit: Input<'settings.write'>) => run(edit), [run]);
  return { settings, write, failure, busy };
}
