/**
 * @file The host is killed at random moments while somebody works; what was acknowledged is there afterwards.
 */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Diff } from '../../src-main/contract/diff.ts';
import { AppError } from '../../src-main/contract/errors.ts';
import type { Changed, ImageDocument } from '../../src-main/contract/methods-annotate.ts';
import { encodeRle } from '../../src-main/contract/rle.ts';
import { putPhotos } from './photos.ts';
import { folderHandle, type Server, startServer, temporary } from './server.ts';

type Mirror = Map<string, unknown>;
const keyOf = (table: string, record: object) => {
  const { id, queryId, instanceId } = record as { id?: number; queryId?: number; instanceId?: number };
  return `${table} ${id ?? `${queryId} ${instanceId}`}`;
};

/** What a page would know: the records of the image, and after each answer what it says has changed. */
function mirrorOf({ queries, proposals, instances, links }: ImageDocument): Mirror {
  const mirror: Mirror = new Map();
  for (const record of queries) mirror.set(keyOf('query', record), record);
  for (const record of proposals) mirror.set(keyOf('proposal', record), record);
  for (const record of instances) mirror.set(keyOf('instance', record), record);
  for (const record of links) mirror.set(keyOf('queryInstance', record), record);
  return mirror;
}

function apply(mirror: Mirror, { put, remove }: Diff): void {
  for (const { table, ...key } of remove) mirror.delete(keyOf(table, key));
  for (const { table, record } of put)
    if (table !== 'image' && table !== 'run') mirror.set(keyOf(table, record), record);
}

const random = (below: number) => Math.floor(Math.random() * below);
const pick = <T>(list: readonly T[]): T | undefined => list[random(list.length)];

/** An edit and the records that it may touch; `adds` where it makes new ones. */
type Edit = {
  touches: string[];
  adds: boolean;
  run: () => Promise<{ changed: Changed | null }>;
  moves?: 'undo' | 'redo';
};
/** The keys that each change touched, as the history of the image goes back and forth over them. */
type Steps = { undo: string[][]; redo: string[][] };

const keysOf = ({ put, remove }: Diff): string[] => [
  ...put.map(({ table, record }) => keyOf(table, record)),
  ...remove.map(({ table, ...key }) => keyOf(table, key)),
];

function randomEdit(
  server: Server,
  image: { id: number; width: number; height: number },
  mirror: Mirror,
  steps: Steps,
): Edit {
  const imageId = image.id;
  const ids = (table: string) =>
    [...mirror.keys()].filter((key) => key.startsWith(`${table} `)).map((key) => Number(key.split(' ')[1]));
  const linked = (part: number, id: number) =>
    [...mirror.keys()].filter((key) => key.startsWith('queryInstance ') && Number(key.split(' ')[part]) === id);
  const mask = () => {
    const data = new Uint8Array(image.width * image.height);
    const [x, y] = [random(image.width - 20), random(image.height - 20)];
    for (let dy = 0; dy < 20; dy++) data.fill(1, (y + dy) * image.width + x, (y + dy) * image.width + x + 20);
    return encodeRle({ width: image.width, height: image.height, data });
  };
  const queryId = pick(ids('query'));
  const instanceId = pick(ids('instance'));
  const kind = random(8);
  if (kind === 0 || queryId === undefined) {
    return {
      touches: [],
      adds: true,
      run: () => server.call('query.add', { imageId, text: `query ${Math.random()}` }),
    };
  }
  const ofQuery = [`query ${queryId}`, ...linked(1, queryId)];
  if (kind === 1) {
    const text = `edited ${Math.random()}`;
    return {
      touches: ofQuery,
      adds: false,
      run: () => server.call('query.edit', { queryId, edit: { text, note: 'n' } }),
    };
  }
  if (kind === 2) {
    return {
      touches: ofQuery,
      adds: true,
      run: () => server.call('instance.add', { imageId, queryIds: [queryId], rle: mask() }),
    };
  }
  if ((kind === 3 || kind === 4) && instanceId) {
    const links = linked(2, instanceId);
    const touches = [`instance ${instanceId}`, ...links, ...links.map((key) => `query ${key.split(' ')[1]}`)];
    if (kind === 4) return { touches, adds: false, run: () => server.call('instance.delete', { instanceId }) };
    return { touches, adds: false, run: () => server.call('instance.edit', { instanceId, edit: { rle: mask() } }) };
  }
  if (kind === 5 || kind === 6) {
    const moves = kind === 5 ? 'undo' : 'redo';
    const run = () => server.call(`history.${moves}`, { imageId });
    return { touches: steps[moves].at(-1) ?? [], adds: false, run, moves };
  }
  if (kind === 7 && mirror.size > 40) {
    const masks = linked(1, queryId).map((key) => `instance ${key.split(' ')[2]}`);
    return { touches: [...ofQuery, ...masks], adds: false, run: () => server.call('query.delete', { queryId }) };
  }
  return { touches: ofQuery, adds: false, run: () => server.call('query.noTarget', { queryId, noTarget: true }) };
}

/** The first image, once the folder was read. */
async function firstImage(server: Server) {
  for (let wait = 0; wait < 200; wait++) {
    const image = (await server.call('images.list', {})).images[0];
    if (image) return image;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('the photo did not turn up');
}

/** Works until the host is gone. Answers how many edits were acknowledged, and the one that was not. */
async function work(server: Server, mirror: Mirror): Promise<{ acknowledged: number; last: Edit | null }> {
  const image = await firstImage(server);
  const steps: Steps = { undo: [], redo: [] };
  let acknowledged = 0;
  let next: Edit | null = null;
  const moment = setTimeout(() => server.child.kill('SIGKILL'), random(250));
  for (;;) {
    next = randomEdit(server, image, mirror, steps);
    try {
      const { changed } = await next.run();
      if (!changed) continue;
      apply(mirror, changed.diff);
      if (next.moves === 'undo') steps.redo.push(steps.undo.pop()!);
      else if (next.moves === 'redo') steps.undo.push(steps.redo.pop()!);
      else Object.assign(steps, { undo: [...steps.undo, keysOf(changed.diff)], redo: [] });
      acknowledged++;
    } catch (error) {
      // Refused is an answer, too: "nothing matches" on a query with instances, say. Nothing was changed then.
      if (error instanceof AppError) continue;
      clearTimeout(moment);
      return { acknowledged, last: next };
    }
  }
}

/** One folder, one project, `rounds` lives of the host. Answers how many actions were acknowledged. */
async function live(rounds: number): Promise<number> {
  const { folder: home, remove } = await temporary();
  await putPhotos(join(home, 'photos'), 1);
  let acknowledged = 0;
  let server = await startServer(home);
  await server.call('project.create', { photos: await folderHandle(server, 'photos') });
  let mirror: Mirror = mirrorOf(await server.call('image.read', { imageId: (await firstImage(server)).id }));
  for (let round = 0; round < rounds; round++) {
    const lived = await work(server, mirror);
    acknowledged += lived.acknowledged;
    await server.kill();
    server = await startServer(home);
    const { projects } = await server.call('project.recent', {});
    await server.call('project.open', { recent: projects.find(({ sample }) => !sample)!.id });
    const found = mirrorOf(await server.call('image.read', { imageId: (await firstImage(server)).id }));
    const keys = new Set([...mirror.keys(), ...found.keys()]);
    const differing = [...keys].filter((key) => JSON.stringify(found.get(key)) !== JSON.stringify(mirror.get(key)));
    // Only the edit that was under way may be there without having been acknowledged.
    const { touches = [], adds = false } = lived.last ?? {};
    const lost = differing.filter((key) => !touches.includes(key) && !(adds && !mirror.has(key)));
    expect(lost).toEqual([]);
    mirror = found;
  }
  const { findings } = await server.call('project.check', {});
  expect(findings.map(({ what }) => what)).toEqual([]);
  await server.kill('SIGTERM');
  await remove();
  return acknowledged;
}

test('200 times SIGKILL while somebody works: every acknowledged action is there', { timeout: 600_000 }, async () => {
  const [one, two] = await Promise.all([live(100), live(100)]);
  expect(one + two).toBeGreaterThan(200);
});
