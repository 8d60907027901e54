/**
 * @file The window, measured in a real browser: `npm run bench:ui [-- canvas | next | many | answer]`. `canvas` is the canvas
 * alone; the others are the page on the real web host, store and engine. CHROMIUM names another browser than the
 * system's; BENCH_SHOTS a folder for screenshots of the canvas.
 */
import { existsSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { type Browser, chromium } from 'playwright-core';
import { ensureBuilt } from '../scripts/build.ts';
import { benchAnswer } from './ui/answer.ts';
import { benchCanvas } from './ui/canvas.ts';
import { benchMany } from './ui/many-images.ts';
import { benchNext } from './ui/next-image.ts';

const parts: Readonly<Record<string, (browser: Browser) => Promise<void>>> = {
  canvas: benchCanvas,
  next: benchNext,
  many: benchMany,
  answer: benchAnswer,
};

function browserPath(): string {
  const named = process.env['CHROMIUM'];
  const found = [named, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    (path) => path !== undefined && path !== '' && existsSync(path),
  );
  if (found === undefined) throw new Error('No Chromium found. Set CHROMIUM to the path of a browser.');
  return found;
}

async function rendererOf(browser: Browser): Promise<string> {
  const page = await browser.newPage();
  const renderer = await page.evaluate(() => {
    const gl = document.createElement('canvas').getContext('webgl');
    const info = gl?.getExtension('WEBGL_debug_renderer_info');
    return gl && info ? String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)) : 'no WebGL: software';
  });
  await page.close();
  return renderer;
}

const load = () => `load of this machine's ${cpus().length} cores: ${loadavg()[0]!.toFixed(1)}`;

const name = process.argv[2];
if (name !== undefined && !Object.hasOwn(parts, name)) {
  console.error(`There is no part "${name}". There are: ${Object.keys(parts).join(', ')}.`);
  process.exit(1);
}
await ensureBuilt('page');
const browser = await chromium.launch({ executablePath: browserPath(), args: ['--no-sandbox'] });
try {
  console.log(`renderer: ${await rendererOf(browser)}`);
  for (const [key, bench] of Object.entries(parts)) {
    if (name !== undefined && name !== key) continue;
    console.log(`\n${key}: ${load()}`);
    await bench(browser);
  }
  console.log(`\nat the end: ${load()}`);
} finally {
  await browser.close();
}
