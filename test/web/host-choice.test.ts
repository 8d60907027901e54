/** @file What `npm start` opens where, and the reason it gives. */
import { expect, test } from 'vitest';
import { chooseHost, type Facts, hasDisplay } from '../../scripts/host-choice.ts';

const desk: Facts = { platform: 'linux', env: { DISPLAY: ':0' }, uid: 1000, installed: true, fetchFailed: null };

test('a window where there is a display and the binary', () => {
  expect(chooseHost(desk)).toEqual({ host: 'electron' });
  expect(chooseHost({ ...desk, env: { WAYLAND_DISPLAY: 'wayland-0' } })).toEqual({ host: 'electron' });
  expect(chooseHost({ ...desk, platform: 'darwin', env: {} })).toEqual({ host: 'electron' });
  expect(chooseHost({ ...desk, platform: 'win32', env: {}, uid: undefined })).toEqual({ host: 'electron' });
});

test('the binary is fetched where a window could be, and only there', () => {
  const without = { ...desk, installed: false };
  expect(chooseHost(without)).toEqual({ host: 'fetch' });
  expect(chooseHost({ ...without, env: {} }).host).toBe('web');
  expect(chooseHost({ ...without, uid: 0 }).host).toBe('web');
});

test.each([
  ['no display', { env: {} }, 'no display'],
  ['a terminal over SSH on a Mac', { platform: 'darwin', env: { SSH_CONNECTION: '1 2 3 4' } }, 'no display'],
  ['root on Linux', { uid: 0 }, 'root'],
  [
    'no network',
    { installed: false, fetchFailed: 'Electron could not be fetched (fetch failed)' },
    'could not be fetched',
  ],
] as const)('the browser, with the reason: %s', (_, facts, reason) => {
  const choice = chooseHost({ ...desk, ...facts });
  expect(choice).toMatchObject({ host: 'web', why: expect.stringContaining(reason) });
});

test('a browser is opened only where it can be seen', () => {
  expect(hasDisplay({ platform: 'linux', env: {} })).toBe(false);
  expect(hasDisplay({ platform: 'linux', env: { DISPLAY: '' } })).toBe(false);
  // X forwarded through SSH can be seen.
  expect(hasDisplay({ platform: 'linux', env: { DISPLAY: 'localhost:10.0', SSH_CONNECTION: 'x' } })).toBe(true);
});
