/** @file Settings in a JSON file of this user, for hosts without Electron. */
import Conf from 'conf';
import type { Keeper } from './settings.ts';

/**
 * The file `settings.json` in `folder`, opened at the first use: a command that needs no setting touches no file.
 * One that is damaged counts as empty.
 */
export function fileKeeper(folder: string): Keeper {
  let opened: Conf<Record<string, unknown>> | undefined;
  const conf = () => {
    opened ??= new Conf({
      cwd: folder,
      configName: 'settings',
      clearInvalidConfig: true,
      accessPropertiesByDotNotation: false,
      // Readable by this user alone: folders and names of projects are nobody else's business.
      configFileMode: 0o600,
    });
    return opened;
  };
  return { get: (name) => conf().get(name), set: (name, value) => conf().set(name, value) };
}
