/** @file A project with labelled photos, and a chat server that writes queries: what tests of jobs start from. */
import type { Input } from '../../src-main/contract/api.ts';
import type { Generation } from '../../src-main/contract/generate.ts';
import { encodeRle } from '../../src-main/contract/rle.ts';
import { endpointSpecFor } from '../../src-main/engine/endpoint/conventions.ts';
import { type TestApp, withProject } from '../api/project-app.ts';
import { type ChatServer, completion, json, type Reply, startServer } from '../endpoint/server.ts';

/** A rectangle of the 8 x 6 pictures of the test. */
export function patch(x: number, y: number, w: number, h: number) {
  const data = new Uint8Array(48);
  for (let row = y; row < y + h; row++) data.fill(1, row * 8 + x, row * 8 + x + w);
  return encodeRle({ width: 8, height: 6, data });
}

/** Adds objects of a class to an image, one for each box. */
export async function label(
  test: Pick<TestApp, 'call'>,
  imageId: number,
  name: string,
  ...boxes: [number, number, number, number][]
) {
  const { categoryId } = await test.call('category.add', { name });
  for (const box of boxes) {
    const { instanceId } = await test.call('instance.add', { imageId, rle: patch(...box), source: 'import' });
    await test.call('instance.edit', { instanceId, edit: { categoryId } });
  }
}

/** A project of pictures `p1.png` ..., each with two cups and a plate; the last ones without any label. */
export async function labelled(test: TestApp, count: number, unlabelled = 0) {
  const names = Array.from({ length: count + unlabelled }, (_, k) => `p${k + 1}.png`);
  const project = await withProject(test, ...names);
  for (const { id } of project.images.slice(0, count)) {
    await label(test, id, 'cup', [0, 0, 2, 2], [4, 0, 2, 2]);
    await label(test, id, 'plate', [0, 3, 8, 3]);
  }
  return { ...project, ids: project.images.map(({ id }) => id) };
}

let serial = 0;
/** An answer as a model that does as it is told would give it; every text is another one. */
export function written(count = 2): string {
  const queries = Array.from({ length: count }, () => {
    serial += 1;
    const text = `Which of these would Ann${serial} hand to Ben${serial} when Cleo${serial} has gone to see Dan${serial}?`;
    return { text, targets: [1, 2] };
  });
  return JSON.stringify({ queries });
}

/** What a server without `usage` sends. */
export const uncounted = (content: string): Reply => {
  const { usage: _, ...rest } = completion({ content }) as Record<string, unknown>;
  return json(rest);
};

/** A server whose answer is chosen for each request. */
export async function serving(choose: (asked: string, number: number) => Reply): Promise<ChatServer> {
  const server: ChatServer = await startServer([
    (response, request) => {
      const { turns } = server.seen.at(-1)!;
      const reply = choose(turns[0]![1], server.seen.length);
      const act = typeof reply === 'string' ? json(completion({ content: reply })) : reply;
      (act as Exclude<Reply, string>)(response, request);
    },
  ]);
  return server;
}

/** Makes the server an endpoint of the application. */
export const saveEndpoint = (test: Pick<TestApp, 'call'>, baseUrl: string, budget: { maxSeconds?: number } = {}) => {
  const spec = endpointSpecFor(baseUrl, 'writer', { preset: 'qwen3-vl' });
  const endpoint = { ...spec, budget: { maxTokens: 600, maxRounds: 1, maxSeconds: 20, ...budget } };
  return test.call('endpoints.save', { id: 'writer', title: 'Writer', endpoint });
};

/** Starts a job and waits until it rests. */
export async function generate(test: TestApp, input: Partial<Input<'generate.start'>> = {}): Promise<Generation> {
  const given = { endpoint: 'writer', templates: ['attribute'], perImage: 2, ...input };
  const { generation } = await test.call('generate.start', given);
  return rest(test, generation.id);
}

/** The job, once nothing is under way any more. */
export async function rest(test: TestApp, id: number): Promise<Generation> {
  for (const until = Date.now() + 30_000; Date.now() < until; await new Promise((next) => setTimeout(next, 20))) {
    const { generations } = await test.call('generate.list', {});
    const found = generations.find((each) => each.id === id)!;
    if (found.state !== 'running') return found;
  }
  throw new Error(`Generation ${id} still runs.`);
}

export const candidatesOf = async (test: TestApp, imageId: number) =>
  (await test.call('candidates.read', { imageId })).candidates;
