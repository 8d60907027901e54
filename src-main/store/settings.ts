/**
 * @file Settings of the person at this machine, not of a project: nothing here is needed to open one. The keeper is
 * given by the host (electron-store, conf, a map in tests).
 */
import { z } from 'zod';
import { AppError } from '../contract/errors.ts';
import { profileNames } from '../contract/segmentation.ts';

/** Every setting with its default. A new one is one line here. */
export const settingSchemas = {
  /** Who reviews: written to events and queries. */
  reviewer: z.string().max(1000).default(''),
  /** Project folders, newest first. */
  recentProjects: z.array(z.string()).max(20).default([]),
  segmenter: z.string().min(1).default('mobile-sam'),
  reasoner: z.string().nullable().default(null),
  profile: z.enum(profileNames).default('default'),
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  /** Action -> `event.code` with modifiers, only where it differs from the default. */
  keys: z.record(z.string(), z.string()).default({}),
  /** Minutes between backups of an open project; 0 for none. */
  backupMinutes: z.number().min(0).max(1440).default(10),
} as const;

export type SettingName = keyof typeof settingSchemas;
export type Settings = { [N in SettingName]: z.output<(typeof settingSchemas)[N]> };

/** The part of `conf` and `electron-store` that is used. */
export type Keeper = { get(name: string): unknown; set(name: string, value: unknown): void };

/** A setting. What is not valid counts as not set: one bad value must not keep the program from starting. */
export function getSetting<N extends SettingName>(keeper: Keeper, name: N): Settings[N] {
  const schema = settingSchemas[name];
  const found = schema.safeParse(keeper.get(name));
  return (found.success ? found.data : schema.parse(undefined)) as Settings[N];
}

export function getSettings(keeper: Keeper): Settings {
  const names = Object.keys(settingSchemas) as SettingName[];
  return Object.fromEntries(names.map((name) => [name, getSetting(keeper, name)])) as Settings;
}

/** @throws AppError bad-request for a value that does not fit, io when it cannot be kept. */
export function setSetting<N extends SettingName>(keeper: Keeper, name: N, value: Settings[N]): void {
  const parsed = settingSchemas[name].safeParse(value);
  if (!parsed.success) {
    throw new AppError('bad-request', `The setting ${name} cannot be that: ${parsed.error.issues[0]!.message}.`);
  }
  try {
    keeper.set(name, parsed.data);
  } catch (error) {
    throw new AppError('io', `The setting ${name} was not stored: ${error instanceof Error ? error.message : error}`, {
      hint: 'Check that you may write to the settings folder.',
      cause: error,
    });
  }
}

/** Puts a project at the front of the recent ones. */
export function rememberProject(keeper: Keeper, folder: string): void {
  const others = getSetting(keeper, 'recentProjects').filter((other) => other !== folder);
  setSetting(keeper, 'recentProjects', [folder, ...others].slice(0, 20));
}
