/**
 * @file The build of the desktop host, as far as it runs without Electron: the engine from it segments, the preload
 * script is what a sandbox takes, and the page holds nothing that the policy of both hosts refuses.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { compose } from '../../src-main/compose.ts';
import { forkEngine } from '../../src-main/engine/fork-port.ts';

const root = join(import.meta.dirname, '../..');
/** Inside node_modules, so that the packages that are not bundled are found. */
const out = join(root, 'node_modules', '.cache', 'novo-annotate', 'build');
const built = (folder: string) =>
  readdirSync(join(out, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => ({ name: entry.name, text: readFileSync(join(entry.parentPath, entry.name), 'utf8') }));

beforeAll(() => {
  const electronVite = join(root, 'node_modules/electron-vite/bin/electron-vite.js');
  const { status, stderr, stdout } = spawnSync(process.execPath, [electronVite, 'build'], {
    cwd: root,
    env: { ...process.env, NOVO_OUT: out },
    encoding: 'utf8',
  });
  expect(status, `${stdout}\n${stderr}`).toBe(0);
});

test('the engine of the build segments', async () => {
  const app = compose({
    provider: 'cpu',
    spawnEngine: () => forkEngine(join(out, 'main', 'engine-process.js')),
  });
  try {
    const image = { path: join(root, 'resources/sample/scene.jpg') };
    const answer = await app.dispatch('segment.click', { image, points: [[330, 580, 1]] }, { trusted: true });
    expect(answer).toMatchObject({ ok: true });
  } finally {
    await app.close();
  }
});

test('the main process needs what is installed with the application, and nothing else', () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const known = ['electron', ...Object.keys(dependencies), ...builtinModules];
  const wanted = built('main').flatMap(({ text }) => [
    ...text.matchAll(/^(?:import|export) (?:[^'"]* from )?["']([^'"]+)["']|\bimport\(["']([^'"]+)["']\)/gm),
  ]);
  const packages = wanted
    .map(([, from, lazy]) => (from ?? lazy)!)
    .filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
    .map((name) => name.match(/^(@[^/]+\/)?[^/]+/)![0]);
  expect(packages.length).toBeGreaterThan(3);
  expect(packages.filter((name) => !known.includes(name))).toEqual([]);
});

test('the preload script is one file that needs nothing but Electron', () => {
  const files = built('preload');
  expect(files.map(({ name }) => name)).toEqual(['preload.cjs']);
  expect([...files[0]!.text.matchAll(/require\(([^)]*)\)/g)].map(([, name]) => name)).toEqual(['"electron"']);
  expect(files[0]!.text).not.toMatch(/^(import|export) /m);
});

test('the page holds nothing that its policy refuses', () => {
  const files = built('renderer');
  const html = files.find(({ name }) => name === 'index.html')!.text;
  expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/);
  for (const [tag] of html.matchAll(/<script[^>]*>/g)) expect(tag).toMatch(/src="\.\//);
  for (const [, address] of html.matchAll(/(?:src|href)="([^"]*)"/g)) expect(address).toMatch(/^\.\//);
  const styles = files.filter(({ name }) => name.endsWith('.css'));
  expect(styles.length).toBeGreaterThan(0);
  for (const { text } of styles) expect(text).not.toMatch(/@import|url\(["']?(https?:)?\/\/|url\(["']?data:font/);
});
