/** @file Settings: in force at once on the page, stored a moment later; other pages hear of them. */
import type { Settings } from '../../src-main/contract/settings.ts';
import type { App } from './app.ts';
import { encode } from './open-image.ts';
import { later, tellFailure } from './queue.ts';

/** Settings that were changed here and are not stored yet. */
const waiting = new WeakMap<App, Partial<Settings>>();

export function writeSettings(app: App, edit: Partial<Settings>): void {
  apply(app, { ...app.store.getState().settings, ...edit });
  waiting.set(app, { ...waiting.get(app), ...edit });
  // A slider and a held key change a setting many times a second.
  later(app, 'settings', 250, () => void flushSettings(app));
}

export async function flushSettings(app: App): Promise<void> {
  const edit = waiting.get(app);
  if (!edit) return;
  waiting.delete(app);
  try {
    const settings = await app.host.call('settings.write', edit);
    apply(app, { ...settings, ...waiting.get(app) });
  } catch (thrown) {
    tellFailure(app, thrown, 'The settings could not be stored');
  }
}

/** Settings that the application told of. What was changed here since stays. */
export function apply(app: App, settings: Settings): void {
  const before = app.store.getState().settings;
  app.store.setState({ settings: { ...settings, ...waiting.get(app) } });
  if (before.segmenter === settings.segmenter) return;
  app.store.setState(({ engine }) => ({ engine: { ...engine, provider: null } }));
  void encode(app);
}
