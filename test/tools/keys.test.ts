import { expect, test } from 'vitest';
import { settingSchemas } from '../../src-main/contract/settings.ts';
import { conflicts, keysOf, rebind, unbind } from '../../src-renderer/tools/bindings.ts';
import { commandOf, commands } from '../../src-renderer/tools/commands.ts';
import { keyLabel, readLayout } from '../../src-renderer/tools/key-labels.ts';
import { commandFor, type FocusKind, type KeyPress, keyOf } from '../../src-renderer/tools/key-match.ts';

const press = (code: string, change: Partial<KeyPress> = {}, states: readonly string[] = []): KeyPress => ({
  code,
  key: '',
  ctrlKey: false,
  altKey: false,
  shiftKey: false,
  metaKey: false,
  isComposing: false,
  keyCode: 0,
  repeat: false,
  getModifierState: (key) => states.includes(key),
  ...change,
});
const runs = (event: KeyPress, focus: FocusKind = 'page', keys = {}, mac = false) =>
  commandFor(event, focus, keys, mac)?.id ?? null;

test.each([
  ['KeyD', {}, 'image.next'],
  ['Enter', {}, 'review.accept'],
  ['Enter', { shiftKey: true }, 'review.accept-all'],
  ['Tab', { shiftKey: true }, 'image.previous-undecided'],
  ['KeyZ', { ctrlKey: true }, 'history.undo'],
  ['KeyZ', { ctrlKey: true, shiftKey: true }, 'history.redo'],
  ['KeyY', { ctrlKey: true }, 'history.redo'],
  ['Digit3', {}, 'mask.pick-3'],
  ['Numpad3', {}, 'mask.pick-3'],
  ['F1', {}, 'app.keys'],
  ['KeyD', { altKey: true }, null],
  ['KeyD', { ctrlKey: true }, null],
] as const)('%s %o runs %s', (code, change, id) => expect(runs(press(code, change))).toBe(id));

test('keys are places: the character on them does not matter', () => {
  expect(runs(press('KeyA', { key: 'ф' }))).toBe('image.previous');
  expect(runs(press('KeyA', { key: 'q' }))).toBe('image.previous');
});

test('nothing runs while a word is composed, nor for what AltGr types', () => {
  expect(runs(press('Enter', { isComposing: true }))).toBeNull();
  expect(runs(press('KeyD', { keyCode: 229, key: 'Process' }))).toBeNull();
  expect(runs(press('KeyE', { ctrlKey: true, altKey: true, key: '€' }, ['AltGraph']))).toBeNull();
  expect(runs(press('KeyE', { key: 'é' }, ['AltGraph']))).toBeNull();
  expect(runs(press('BracketLeft', { key: 'Dead' }))).toBeNull();
});

test('while typing only keys that type nothing run; a button keeps the keys it uses', () => {
  for (const code of ['KeyD', 'Enter', 'Delete', 'Digit1', 'Tab', 'Space'])
    expect(runs(press(code), 'text')).toBeNull();
  expect(runs(press('KeyZ', { ctrlKey: true }), 'text')).toBeNull();
  expect(runs(press('F1'), 'text')).toBe('app.keys');
  expect(runs(press('KeyF', { ctrlKey: true }), 'text')).toBe('filter.focus');
  for (const code of ['Enter', 'Tab', 'ArrowDown']) expect(runs(press(code), 'control')).toBeNull();
  expect(runs(press('KeyD'), 'control')).toBe('image.next');
});

test('a held key repeats going on, but never a decision', () => {
  expect(runs(press('KeyD', { repeat: true }))).toBe('image.next');
  expect(runs(press('Enter', { repeat: true }))).toBeNull();
  expect(runs(press('KeyN', { repeat: true }))).toBeNull();
});

test('Cmd is Ctrl on a Mac, and Ctrl there is not', () => {
  expect(keyOf(press('KeyZ', { metaKey: true }), true)).toBe('Ctrl+KeyZ');
  expect(keyOf(press('KeyZ', { ctrlKey: true }), true)).toBeNull();
  expect(keyOf(press('KeyZ', { metaKey: true }), false)).toBeNull();
  expect(keyOf(press('ShiftLeft', { shiftKey: true }), false)).toBeNull();
});

test('the table: ids once, no two commands on one key, ids and keys fit the settings', () => {
  expect(new Set(commands.map(({ id }) => id)).size).toBe(commands.length);
  expect(conflicts({})).toEqual([]);
  const all = Object.fromEntries(commands.map(({ id, keys }) => [id, keys.join(' ')]));
  expect(settingSchemas.keys.parse(all)).toEqual(all);
});

test('a key is given to another command; one that is taken says whose it is and can be taken over', () => {
  const free = rebind('image.next', 'ArrowRight', {});
  expect(free).toEqual({ ok: true, settings: { 'image.next': 'ArrowRight' } });
  expect(runs(press('ArrowRight'), 'page', free.settings!)).toBe('image.next');
  expect(runs(press('KeyD'), 'page', free.settings!)).toBeNull();
  const taken = rebind('image.next', 'KeyQ', {});
  expect(taken).toMatchObject({ ok: false, message: '"Type a query" has this key already.' });
  // The other command keeps the keys that it has besides.
  expect(keysOf(commandOf('query.focus'), taken.settings!)).toEqual(['Slash']);
  expect(conflicts(taken.settings!)).toEqual([]);
  expect(rebind('image.next', 'Ctrl+KeyW', {})).toMatchObject({ ok: false, settings: null });
  expect(rebind('image.next', 'KeyD', free.settings!)).toEqual({ ok: true, settings: {} });
  expect(unbind('image.next', free.settings!)).toEqual({});
});

test('keys are called what is on the keyboard where the browser tells', async () => {
  const layout = await readLayout({ keyboard: { getLayoutMap: async () => new Map([['KeyA', 'q']]) } });
  expect(keyLabel('KeyA', layout)).toBe('Q');
  expect(keyLabel('Ctrl+Shift+KeyZ')).toBe('Ctrl+Shift+Z');
  expect(keyLabel('Ctrl+Shift+KeyZ', null, true)).toBe('⌘⇧Z');
  expect([keyLabel('BracketLeft'), keyLabel('Escape'), keyLabel('Numpad4')]).toEqual(['[', 'Esc', 'Num 4']);
  expect(await readLayout({})).toBeNull();
});
