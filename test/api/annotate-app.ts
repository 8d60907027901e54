/** @file The application with a real project open on pictures of the sample: what tests of annotations start from. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Dispatch } from '../../src-main/api/dispatcher.ts';
import type { Keychain } from '../../src-main/api/services.ts';
import type { App, AppOptions } from '../../src-main/compose.ts';
import type { Input, MethodName, Output } from '../../src-main/contract/api.ts';
import type { EventData, EventName } from '../../src-main/contract/events.ts';
import type { Rle } from '../../src-main/contract/mask.ts';
import { unwrap } from '../../src-main/contract/result.ts';
import { encodeRle } from '../../src-main/contract/rle.ts';
import { closeProject, createProject } from '../../src-main/store/project.ts';
import type { Keeper } from '../../src-main/store/settings.ts';
import { sample, sceneSize, startApp, temporaryFolder } from '../engine/scene.ts';

export type Heard = { readonly name: string; readonly data: unknown };

export type Bench = {
  readonly app: App;
  /** As a page calls; the value, or the AppError thrown. */
  call<M extends MethodName>(method: M, input: Input<M>): Promise<Output<M>>;
  /** As a page calls; what it gets. */
  readonly dispatch: Dispatch;
  readonly heard: Heard[];
  events<N extends EventName>(name: N): EventData<N>[];
  /** Ids of two images, 1280 x 854. */
  readonly images: readonly [number, number];
  readonly folder: string;
  readonly home: string;
};

/** A keychain in memory: `kept` shows what is in it. */
export function memoryKeychain(kept: Map<string, string> = new Map()): Keychain {
  return {
    unavailable: null,
    get: (name) => kept.get(name) ?? null,
    set: (name, value) => void (value === null ? kept.delete(name) : kept.set(name, value)),
  };
}

export function memoryKeeper(values: Record<string, unknown> = {}): Keeper {
  const kept = new Map(Object.entries(values));
  return { get: (name) => kept.get(name), set: (name, value) => void kept.set(name, value) };
}

export async function openBench(options: AppOptions = {}): Promise<Bench> {
  const folder = await temporaryFolder();
  const photos = join(folder, 'photos');
  mkdirSync(photos);
  for (const name of ['a.jpg', 'b.jpg']) copyFileSync(join(sample, 'scene.jpg'), join(photos, name));
  const project = join(folder, 'project');
  await closeProject(await createProject(project, { images: [photos], backupEveryMs: 0 }));
  const home = options.env?.['NOVO_HOME'] ?? (await temporaryFolder());
  const app = await startApp({
    keeper: memoryKeeper({ reviewer: 'ann' }),
    ...options,
    env: { NOVO_HOME: home, ...options.env },
  });
  const heard: Heard[] = [];
  app.onEvent((name, data) => void heard.push({ name, data }));
  const call: Bench['call'] = async (method, input) => unwrap(await app.dispatch(method, input));
  await call('project.open', { folder: await app.grantFolder(project) });
  await call('project.scan', {});
  const { images } = await call('images.list', {});
  return {
    app,
    call,
    dispatch: app.dispatch,
    heard,
    events: (name) => heard.filter((event) => event.name === name).map(({ data }) => data) as never,
    images: [images[0]!.id, images[1]!.id],
    folder: project,
    home,
  };
}

/** A rectangle of the picture. */
export function box(x: number, y: number, w: number, h: number, { width, height } = sceneSize): Rle {
  const data = new Uint8Array(width * height);
  for (let row = y; row < y + h; row++) data.fill(1, row * width + x, row * width + x + w);
  return encodeRle({ width, height, data });
}
