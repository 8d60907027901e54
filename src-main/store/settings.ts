/**
 * @file Settings of the person at this machine, not of a project: nothing here is needed to open one. The keeper is
 * given by the host (electron-store, conf, a map in tests).
 */
import { z } from 'zod';
import { AppError } from '../contract/errors.ts';
import { type SettingName, type Settings, settingSchemas } from '../contract/settings.ts';

/** The settings of the contract, and what no page changes directly. */
export const keptSchemas = {
  ...settingSchemas,
  /** Project folders, newest first. */
  recentProjects: z.array(z.string()).max(20).default([]),
} as const;

export type KeptName = keyof typeof keptSchemas;
export type Kept = { [N in KeptName]: z.output<(typeof keptSchemas)[N]> };

/** The part of `conf` and `electron-store` that is used. */
export type Keeper = { get(name: string): unknown; set(name: string, value: unknown): void };

/** A setting. What is not valid counts as not set: one bad value must not keep the program from starting. */
export function getSetting<N extends KeptName>(keeper: Keeper, name: N): Kept[N] {
  const schema = keptSchemas[name];
  const found = schema.safeParse(keeper.get(name));
  return (found.success ? found.data : schema.parse(undefined)) as Kept[N];
}

/** All settings of the contract. */
export function getSettings(keeper: Keeper): Settings {
  const names = Object.keys(settingSchemas) as SettingName[];
  return Object.fromEntries(names.map((name) => [name, getSetting(keeper, name)])) as Settings;
}

/** @throws AppError bad-request for a value that does not fit, io when it cannot be kept. */
export function setSetting<N extends KeptName>(keeper: Keeper, name: N, value: Kept[N]): void {
  const parsed = keptSchemas[name].safeParse(value);
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
