/** @file The settings and how a panel changes them: in force at once, stored a moment later. */
import { useCallback } from 'react';
import type { Settings } from '../../../src-main/contract/settings.ts';
import { writeSettings } from '../../tools/settings.ts';
import { useApp, useAppState } from '../app-context.ts';

export function useSettings() {
  const app = useApp();
  const settings = useAppState((state) => state.settings);
  const write = useCallback((edit: Partial<Settings>) => writeSettings(app, edit), [app]);
  return { settings, write };
}
