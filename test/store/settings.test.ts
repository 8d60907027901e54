/**
 * @file Settings: one bad value never keeps the program from starting.
 */
import { expect, test } from 'vitest';
import { getSetting, getSettings, rememberProject, setSetting } from '../../src-main/store/settings.ts';

function keeper(start: Record<string, unknown> = {}) {
  const kept = new Map(Object.entries(start));
  return { get: (name: string) => kept.get(name), set: (name: string, value: unknown) => void kept.set(name, value) };
}

test('settings have defaults, and what is not valid counts as not set', () => {
  const store = keeper({ theme: 'purple', reviewer: 'ann', recentProjects: 'x' });
  expect(getSettings(store)).toMatchObject({ theme: 'system', reviewer: 'ann', reasoner: null });
  expect(getSetting(store, 'recentProjects')).toEqual([]);
  setSetting(store, 'theme', 'dark');
  expect(getSetting(store, 'theme')).toBe('dark');
  expect(() => setSetting(store, 'backupMinutes', -1)).toThrow(expect.objectContaining({ code: 'bad-request' }));
});

test('recent projects: newest first, each once, twenty at most', () => {
  const store = keeper();
  for (let i = 0; i < 25; i++) rememberProject(store, `/p${i}`);
  rememberProject(store, '/p20');
  const recent = getSetting(store, 'recentProjects');
  expect(recent.slice(0, 3)).toEqual(['/p20', '/p24', '/p23']);
  expect(recent).toHaveLength(20);
});
