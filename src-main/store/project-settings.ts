/**
 * @file Settings of a project: rules that hold for all who open it, wherever they do. Those of a person at a machine are
 * in store/settings.ts.
 */
import { z } from 'zod';
import { type Db, get, run } from './statements.ts';

export const projectSettingSchemas = {
  /** How many people must judge a query before its validation counts. */
  reviewersPerQuery: z.union([z.literal(1), z.literal(2)]).default(1),
} as const;

export type ProjectSettingName = keyof typeof projectSettingSchemas;
export type ProjectSettings = { [N in ProjectSettingName]: z.output<(typeof projectSettingSchemas)[N]> };

/** A value that does not fit counts as not set: it must not keep anybody from the project. */
export function getProjectSetting<N extends ProjectSettingName>(db: Db, name: N): ProjectSettings[N] {
  const row = get<{ value: string }>(db, 'SELECT value FROM project_setting WHERE name = ?', name);
  const schema = projectSettingSchemas[name];
  const found = schema.safeParse(row && parsed(row.value));
  return (found.success ? found.data : schema.parse(undefined)) as ProjectSettings[N];
}

export function setProjectSetting<N extends ProjectSettingName>(db: Db, name: N, value: ProjectSettings[N]): void {
  const text = JSON.stringify(projectSettingSchemas[name].parse(value));
  run(
    db,
    'INSERT INTO project_setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    name,
    text,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
