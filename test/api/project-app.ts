/** @file The application with a home of its own, real photos in temporary folders, and an ear on its events. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { expect, onTestFinished } from 'vitest';
import type { DispatchOptions } from '../../src-main/api/dispatcher.ts';
import { type App, compose } from '../../src-main/compose.ts';
import type { Input, MethodName, Output } from '../../src-main/contract/api.ts';
import type { ErrorBody } from '../../src-main/contract/errors.ts';
import type { EventData, EventName } from '../../src-main/contract/events.ts';
import { unwrap } from '../../src-main/contract/result.ts';
import type { Keeper } from '../../src-main/store/settings.ts';

export const isRoot = process.getuid?.() === 0;

export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'novo-project-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/**
 * A small disk of its own at `folder`, where this user may mount one (Linux, as root); else null, and the test is skipped.
 * @param options of tmpfs, such as `size=64k`.
 */
export function smallDisk(folder: string, options: string): string | null {
  if (process.platform !== 'linux' || !isRoot) return null;
  mkdirSync(folder, { recursive: true });
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]).status !== 0) return null;
  onTestFinished(() => void spawnSync('umount', ['-l', folder]));
  return folder;
}

export type TestApp = {
  readonly app: App;
  readonly home: string;
  readonly logged: string[];
  /** Of a page: it may name no path. */
  call<M extends MethodName>(method: M, input: Input<M>, options?: DispatchOptions<M>): Promise<Output<M>>;
  /** The error of a call that must fail. */
  fails<M extends MethodName>(method: M, input: Input<M>, options?: DispatchOptions<M>): Promise<ErrorBody>;
  grant(folder: string): Promise<string>;
  /** What pages have heard so far. */
  heard<N extends EventName>(name: N): EventData<N>[];
  /** The next event of this name that fits. */
  next<N extends EventName>(name: N, fits?: (data: EventData<N>) => boolean): Promise<EventData<N>>;
};

/** Closed with the test. @param home kept from another one to start again. */
export function startProjectApp(home = tempFolder(), keeper?: Keeper): TestApp {
  const logged: string[] = [];
  const env = { NOVO_HOME: home, HOME: home, USERPROFILE: home };
  const app = compose({
    provider: 'cpu',
    threads: 1,
    env,
    log: (line) => logged.push(line),
    ...(keeper && { keeper }),
  });
  const events: { name: EventName; data: unknown }[] = [];
  app.onEvent((name, data) => events.push({ name, data }));
  onTestFinished(() => app.close());
  const heard = <N extends EventName>(name: N) =>
    events.filter((event) => event.name === name).map(({ data }) => data as EventData<N>);
  return {
    app,
    home,
    logged,
    heard,
    call: async (method, input, options) => unwrap(await app.dispatch(method, input, options)),
    async fails(method, input, options) {
      const result = await app.dispatch(method, input, options);
      if (result.ok) throw new Error(`${method} succeeded: ${JSON.stringify(result.value)}`);
      return result.error;
    },
    grant: (folder) => app.grantFolder(folder),
    next: (name, fits = () => true) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`No ${name} came.`)), 20_000);
        const stop = app.onEvent((heardName, data) => {
          if (heardName !== name || !fits(data as never)) return;
          clearTimeout(late);
          stop();
          resolve(data as never);
        });
      }),
  };
}

let shade = 0;

/** A small photo unlike all others. Returns its path. */
export async function photo(folder: string, name: string): Promise<string> {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  shade += 1;
  const background = { r: shade & 255, g: (shade >> 8) & 255, b: 77 };
  writeFileSync(
    file,
    await sharp({ create: { width: 8, height: 6, channels: 3, background } })
      .png()
      .toBuffer(),
  );
  return file;
}

/** A folder with photos of these names. */
export async function photosIn(folder: string, ...names: string[]): Promise<string> {
  mkdirSync(folder, { recursive: true });
  for (const name of names) await photo(folder, name);
  return folder;
}

/** A project made of these photos, open, all photos read. */
export async function withProject(test: TestApp, ...names: string[]) {
  const photos = await photosIn(join(tempFolder(), 'photos'), ...names);
  const { project } = await test.call('project.create', { photos: await test.grant(photos) });
  await test.call('project.scan', {});
  const { images } = await test.call('images.list', {});
  expect(images.map(({ path }) => path)).toHaveLength(names.length);
  return { photos, folder: project!.folder, project: project!, images };
}
