/** @file The layout holds: Biome refuses imports across layers and says where the code belongs; files stay small. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
let project: string;

/** What each layer may not import, and a part of the message that teaches why. */
const forbidden: [layer: string, target: string, message: string][] = [
  ['contract', '../mask/runs.ts', 'contract is the bottom layer'],
  ['contract', '../engine/call.ts', 'contract is the bottom layer'],
  ['contract', 'node:fs', 'contract is pure'],
  ['files', '../engine/call.ts', 'imports only contract'],
  ['mask', '../engine/call.ts', 'mask imports only contract'],
  ['mask', '../novo/method.ts', 'mask imports only contract'],
  ['mask', 'node:path', 'mask is pure'],
  ['metrics', '../novo/method.ts', 'metrics imports only mask and contract'],
  ['metrics', 'node:fs/promises', 'metrics is pure'],
  ['novo', '../engine/segmenter.ts', 'gets the decoder as a function'],
  ['novo', 'node:fs', 'novo is pure'],
  ['engine', '../store/open.ts', 'knows neither storage nor the API'],
  ['engine', '../api/handlers.ts', 'knows neither storage nor the API'],
  ['engine/packs', '../../compose.ts', 'knows neither storage nor the API'],
  ['engine', 'onnxruntime-node', 'Only src-main/engine/onnx-session.ts talks to ONNX Runtime'],
  ['api', 'onnxruntime-node', 'Only src-main/engine/onnx-session.ts talks to ONNX Runtime'],
  ['store', '../engine/call.ts', 'it knows no model and no API'],
  ['formats', '../store/open.ts', 'formats turn records into files'],
  ['dataset', '../api/handlers.ts', 'api calls it'],
  ['dataset', '../store/open.ts', 'brings store and files'],
  ['dataset', '../formats/coco/read.ts', 'brings store and files'],
  ['dataset', 'node:fs/promises', 'dataset is pure'],
  ['evaluate', '../store/open.ts', 'handed in by its caller'],
  ['evaluate', '../engine/image/decode.ts', 'handed in by its caller'],
  ['evaluate', '../cli/evaluate.ts', 'handed in by its caller'],
  ['metrics', '../evaluate/run.ts', 'metrics imports only mask and contract'],
  ['formats', '../evaluate/run.ts', 'formats turn records into files'],
  ['api', '../cli/segment.ts', 'never imports one'],
  ['api', '../compose.ts', 'never imports one'],
  ['api', 'better-sqlite3', 'Only src-main/store opens the database'],
  ['cli', 'electron', 'everything else must run in plain Node'],
  ['store', 'electron', 'everything else must run in plain Node'],
  ['contract', '../../src-renderer/host/host.ts', 'contract is the bottom layer'],
  ['api', '../../src-renderer/App.tsx', 'never imports one'],
];
/** The same for the page. */
const forbiddenInPage: [layer: string, target: string, message: string][] = [
  ['.', '../src-main/compose.ts', 'imports nothing of src-main but src-main/contract'],
  ['.', 'node:path', 'without Node'],
  ['.', 'electron', 'everything else must run in plain Node'],
  ['panels', '../../src-main/api/media.ts', 'imports nothing of src-main but src-main/contract'],
  ['panels', '../App.tsx', 'put together by App'],
  ['panels', 'fabric', 'Only src-renderer/canvas draws with Fabric'],
  ['tools', '../panels/icons.tsx', 'panels call them'],
  ['tools', 'fabric', 'Only src-renderer/canvas draws with Fabric'],
  ['canvas', '../tools/keys.ts', 'canvas is a view'],
  ['canvas', '../host/host.ts', 'canvas is a view'],
  ['canvas', '../panels/icons.tsx', 'canvas is a view'],
  ['canvas', 'react', 'Only panels and App know React'],
  ['document', '../canvas/view.ts', 'knows no view of it'],
  ['document', '../App.tsx', 'knows no view of it'],
  ['document', '../../src-main/store/project.ts', 'imports nothing of src-main but src-main/contract'],
  ['host', '../document/store.ts', 'connection to the application'],
  ['host', '@mantine/core', 'Only panels and App know React'],
  ['theme', '../panels/icons.tsx', 'colours and sizes'],
  ['worker', '../document/store.ts', 'masks in messages'],
  ['worker', '../canvas/view.ts', 'masks in messages'],
  ['worker', 'node:fs', 'without Node'],
];
/** The other direction, which must stay open. */
const allowed: [file: string, target: string][] = [
  ['engine/onnx-session.ts', 'onnxruntime-node'],
  ['engine/allowed.ts', '../novo/method.ts'],
  ['engine/allowed2.ts', 'node:fs'],
  ['novo/allowed.ts', '../mask/runs.ts'],
  ['mask/allowed.ts', '../contract/rle.ts'],
  ['api/allowed.ts', '../engine/engine-client.ts'],
  ['api/allowed2.ts', '../evaluate/run.ts'],
  ['evaluate/allowed.ts', '../metrics/region.ts'],
  ['dataset/allowed.ts', '../metrics/region.ts'],
  ['dataset/allowed2.ts', '../mask/runs.ts'],
  ['api/allowed3.ts', '../dataset/select.ts'],
  ['evaluate/allowed2.ts', '../formats/coco/read.ts'],
  ['store/allowed.ts', 'better-sqlite3'],
  ['cli/allowed.ts', '../compose.ts'],
];
const allowedInPage: [file: string, target: string][] = [
  ['worker/allowed.ts', '../../src-main/contract/rle.ts'],
  ['host/allowed.ts', '../../src-main/contract/api.ts'],
  ['document/allowed.ts', '../host/host.ts'],
  ['document/allowed2.ts', '../worker/masks.ts'],
  ['canvas/allowed.ts', 'fabric'],
  ['canvas/allowed2.ts', '../document/colours.ts'],
  ['tools/allowed.ts', '../canvas/view.ts'],
  ['panels/allowed.tsx', '../tools/keys.ts'],
  ['panels/allowed2.tsx', '@mantine/core'],
  ['theme/allowed.ts', '@mantine/core'],
  ['App.tsx', './panels/icons.tsx'],
];

/** Other ways to write the same import. */
const forms = [
  "import type { Thing } from '../engine/call.ts';\n\nexport type Used = Thing;",
  "export { thing } from '../engine/call.ts';",
  "export * from '../engine/call.ts';",
  "import '../engine/call.ts';",
  "export const used = () => import('../engine/call.ts');",
];

/** A stale effect, and a picture that a screen reader cannot name. */
const brokenPanel = `import { useEffect, useState } from 'react';

export function Broken({ url }: { url: string }) {
  const [size, setSize] = useState(0);
  useEffect(() => setSize(url.length), []);
  return <img src={url} width={size} />;
}
`;

const cases = [
  ...forbidden.map(([layer, ...rest]) => [`src-main/${layer}`, ...rest] as const),
  ...forbiddenInPage.map(([layer, ...rest]) => [`src-renderer/${layer}`.replace('/.', ''), ...rest] as const),
];
const open = [
  ...allowed.map(([file, target]) => [`src-main/${file}`, target] as const),
  ...allowedInPage.map(([file, target]) => [`src-renderer/${file}`, target] as const),
];
const planted = (k: number) => `${cases[k]![0]}/planted-${k}.ts`;
let reported: { category: string; file: string; text: string }[];

beforeAll(() => {
  // A project of its own with the real rules, so that nothing is planted among the real files.
  project = mkdtempSync(join(tmpdir(), 'novo-layers-'));
  cpSync(join(root, 'biome.json'), join(project, 'biome.json'));
  const plant = (file: string, text: string) => {
    mkdirSync(dirname(join(project, file)), { recursive: true });
    writeFileSync(join(project, file), text);
  };
  const importing = (target: string) => `import { thing } from '${target}';\n\nexport const used = thing;\n`;
  for (const [k, [, target]] of cases.entries()) plant(planted(k), importing(target));
  for (const [k, form] of forms.entries()) plant(`src-main/mask/form-${k}.ts`, `${form}\n`);
  for (const [file, target] of open) plant(file, importing(target));
  plant('src-main/cli/cycle-a.ts', "import { b } from './cycle-b.ts';\n\nexport const a = () => b;\n");
  plant('src-renderer/tools/globals.ts', "export const home = () => process.env['HOME'];\n");
  plant('src-renderer/panels/Broken.tsx', brokenPanel);
  plant('src-main/cli/cycle-b.ts', "import { a } from './cycle-a.ts';\n\nexport const b = () => a;\n");
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const args = [biome, 'lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none', '.'];
  const { stdout } = spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8' });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { category: string; location: { path: unknown } }[] };
  reported = diagnostics.map((each) => {
    const path = JSON.stringify(each.location.path).replaceAll('\\\\', '/');
    return { category: each.category, file: path, text: JSON.stringify(each) };
  });
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

const about = (file: string) => reported.filter((each) => each.file.includes(file));

test.each(cases.map(([layer, target, message], k) => ({ layer, target, message, k })))(
  '$layer may not import $target',
  ({ message, k }) => {
    const found = about(planted(k)).filter(({ category }) => category === 'lint/style/noRestrictedImports');
    expect(found).toHaveLength(1);
    expect(found[0]!.text).toContain(message);
  },
);

test.each(forms.map((form, k) => ({ form, k })))('no way around: $form', ({ k }) => {
  expect(about(`src-main/mask/form-${k}.ts`).map(({ category }) => category)).toContain(
    'lint/style/noRestrictedImports',
  );
});

test('what a layer is built on may be imported', () => {
  for (const [file] of open) expect(about(file).map(({ text }) => text)).toEqual([]);
});

test('the page uses no globals of Node, no stale effects, and nothing that a screen reader cannot name', () => {
  const categories = (file: string) => about(file).map(({ category }) => category);
  expect(categories('src-renderer/tools/globals.ts')).toContain('lint/style/noRestrictedGlobals');
  expect(categories('src-renderer/panels/Broken.tsx')).toEqual(
    expect.arrayContaining(['lint/correctness/useExhaustiveDependencies', 'lint/a11y/useAltText']),
  );
});

test('imports in a circle are refused', () => {
  for (const file of ['cycle-a', 'cycle-b']) {
    expect(about(file).map(({ category }) => category)).toContain('lint/suspicious/noImportCycles');
  }
});

const sources = ['src-main', 'src-renderer', 'test', 'bench', 'scripts'].flatMap((folder) => {
  const names = readdirSync(root).includes(folder) ? readdirSync(join(root, folder), { recursive: true }) : [];
  return (names as string[])
    .filter((name) => /\.(ts|tsx|mjs|py)$/.test(name))
    .map((name) => join(root, folder, name))
    .map((file) => ({ file: relative(root, file).split(sep).join('/'), text: readFileSync(file, 'utf8') }));
});

test('files stay small enough to be read in one go', () => {
  const lengths = sources.map(({ file, text }) => ({ file, lines: text.split('\n').length - 1 }));
  expect(lengths.filter(({ lines }) => lines > 400)).toEqual([]);
  const sorted = lengths.map(({ lines }) => lines).sort((a, b) => a - b);
  expect(sorted.length).toBeGreaterThan(100);
  expect(sorted[sorted.length >> 1]).toBeLessThan(130);
});

test('one file of the application talks to ONNX Runtime', () => {
  const importing = /(from|import\(|import|require\()\s*['"]onnxruntime-(node|common|web)/;
  const found = sources.filter(({ file, text }) => file.startsWith('src-') && importing.test(text));
  expect(found.map(({ file }) => file)).toEqual(['src-main/engine/onnx-session.ts']);
});
