/** @file Handlers of the settings of the person at this machine. */
import type { SettingName, Settings } from '../contract/settings.ts';
import { getSettings, setSetting } from '../store/settings.ts';
import { defined } from './defined.ts';
import type { Handlers } from './dispatcher.ts';
import type { Services } from './services.ts';

/** Changes settings and tells all pages. Answers all of them. @throws AppError io. */
export function writeSettings({ keeper, publish }: Services, edit: Partial<Settings>): Settings {
  for (const [name, value] of Object.entries(edit)) setSetting(keeper, name as SettingName, value);
  const settings = getSettings(keeper);
  publish('settings.changed', settings);
  return settings;
}

export function settingsHandlers(services: Services): Pick<Handlers, 'settings.read' | 'settings.write'> {
  return {
    'settings.read': async () => getSettings(services.keeper),
    'settings.write': async (edit) => writeSettings(services, defined(edit)),
  };
}
