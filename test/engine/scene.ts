/** @file The bundled picture, what is on it, and the application on a fresh data folder: shared by tests that run it. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll } from 'vitest';
import { type App, type AppOptions, compose } from '../../src-main/compose.ts';
import { parseRequestLine, segmentInputOf } from '../../src-main/contract/batch.ts';
import type { Rle } from '../../src-main/contract/mask.ts';
import { rleOf } from '../../src-main/contract/rle.ts';
import { maskToRuns } from '../../src-main/contract/runs.ts';
import type { Box } from '../../src-main/contract/segmentation.ts';

const root = join(import.meta.dirname, '../..');
export const sample = join(root, 'resources/sample');
export const scene = join(sample, 'scene.jpg');
export const sceneSize = { width: 1280, height: 854 };
/** Inside the blue mug, away from its dots, and around it with its handle. */
export const mugPoint = [330, 570, 1] as const;
export const mugBox: Box = [266, 505, 428, 656];
export const teapotPoint = [604, 500, 1] as const;

const folders: string[] = [];
const apps: App[] = [];
afterAll(async () => {
  for (const app of apps.splice(0)) app.close();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** A fresh folder, removed after the tests of the file. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'novo-test-'));
  folders.push(folder);
  return folder;
}

/** The application on the CPU with a data folder of its own; closed after the tests of the file. */
export async function startApp(options: AppOptions = {}): Promise<App> {
  const app = compose({ provider: 'cpu', threads: 1, env: { NOVO_HOME: await temporaryFolder() }, ...options });
  apps.push(app);
  return app;
}

/** A click on the blue mug, with what tests look at most. */
export function click(
  app: App,
  options: Parameters<App['dispatch']>[2] = {},
  image = scene,
  point: readonly number[] = mugPoint,
) {
  const input = { image: { path: image }, points: [[...point] as [number, number, 0 | 1]] };
  return app.dispatch('segment.click', input, { trusted: true, ...options });
}

/** A request of the sample: its query and similarity map. */
export async function sampleRequest(id: string) {
  const lines = (await readFile(join(sample, 'requests.jsonl'), 'utf8')).trim().split('\n');
  const line = lines.map(parseRequestLine).find((each) => each.id === id)!;
  return segmentInputOf(line, join(sample, line.image));
}

/** The pixels of a thing of the scene, from the drawing that the picture was made of. */
export async function drawn(id: string): Promise<Rle> {
  const svg = await readFile(join(sample, 'scene.svg'), 'utf8');
  const defs = /<defs>[\s\S]*?<\/defs>/.exec(svg)![0];
  const group = new RegExp(`^ {2}<g id="${id}" class="object"[\\s\\S]*?^ {2}</g>$`, 'm').exec(svg)![0];
  const { width, height } = sceneSize;
  const alone = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${defs}${group}</svg>`;
  const alpha = await sharp(Buffer.from(alone)).ensureAlpha().extractChannel(3).raw().toBuffer();
  return rleOf(maskToRuns({ width, height, data: alpha.map((value) => Number(value > 127)) }), height, width);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // An orphan that has ended stays listed on Linux until init takes notice of it.
    return !(existsSync(`/proc/${pid}/stat`) && /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')));
  } catch {
    return false;
  }
}

/** Waits until `check` holds; throws after `ms`, which a busy machine needs to start an engine. */
export async function until(check: () => boolean | Promise<boolean>, what: string, ms = 60_000): Promise<void> {
  for (const end = performance.now() + ms; !(await check()); ) {
    if (performance.now() > end) throw new Error(`${what}: not after ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
