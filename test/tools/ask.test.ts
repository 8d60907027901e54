/** @file Queries: stored at once, put to a real chat server, cancelled, unanswered, answered for an image that was left. */
import { expect, onTestFinished, test } from 'vitest';
import { endpointSpecFor } from '../../src-main/engine/endpoint/conventions.ts';
import { selectPending } from '../../src-renderer/document/chips.ts';
import { activeAsking, activeQuery } from '../../src-renderer/document/selectors.ts';
import { cancelAsking, withStep } from '../../src-renderer/tools/ask.ts';
import { undo } from '../../src-renderer/tools/history.ts';
import { stepImage } from '../../src-renderer/tools/navigate.ts';
import { addQuery, deleteQuery, editQuery, repeatLastQuery, setQueryText } from '../../src-renderer/tools/query.ts';
import { rejectOrCancel } from '../../src-renderer/tools/review.ts';
import { readReasoners } from '../../src-renderer/tools/start.ts';
import { completion, type Reply, startServer } from '../endpoint/server.ts';
import { eventually, samplePage } from './page.ts';

const text = 'what could one sit on?';
const somewhere = 'There it is. [{"bbox_2d": [300, 300, 700, 700], "label": "thing"}]';

async function askingPage(replies: Reply[]) {
  const page = await samplePage();
  const server = await startServer(replies);
  onTestFinished(() => server.close());
  const endpoint = endpointSpecFor(server.baseUrl, 'qwen3-vl');
  await page.app.host.call('endpoints.save', { id: 'chat', title: 'Chat', endpoint });
  await readReasoners(page.app);
  return { ...page, server };
}

/** A reply that comes when it is let go. */
function held(content: string) {
  let go: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    go = resolve;
  });
  const reply: Reply = (response) => {
    void released.then(() => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(completion({ content })));
    });
  };
  return { reply, go };
}

test('without anything that can read, the query is stored all the same, and the way on is said', async () => {
  const page = await samplePage();
  const { app, state, open } = page;
  const imageId = open().document.image.id;
  setQueryText(app, text);
  await addQuery(app, `  ${text}\n`);
  expect(activeQuery(state())).toMatchObject({ text, status: 'draft' });
  expect(page.said()).toMatch(/stored. No model can answer text yet/);
  expect(state().queryTexts.has(imageId)).toBe(false);
  expect(state().recentTexts[0]).toBe(text);
  expect(state().focus.place).toBe('canvas');
  // The same again is no second query.
  const { length } = open().document.queries;
  await addQuery(app, text);
  expect(open().document.queries).toHaveLength(length);
  await addQuery(app, 'x'.repeat(10_001));
  expect(page.said()).toMatch(/at most 10000/);
  await addQuery(app, ' \n ');
  expect(page.said()).toBe('The query is empty.');
});

test('asked: steps are seen while the model works, then the first proposal is selected; undo takes the answer back', async () => {
  const { reply, go } = held(somewhere);
  const page = await askingPage([reply]);
  const { app, state } = page;
  await addQuery(app, text);
  await page.until('a step is seen', (each) => (activeAsking(each)?.steps.length ?? 0) > 0, 60_000);
  expect(activeAsking(state())).toMatchObject({ state: 'asking', reasoner: 'chat' });
  go();
  await page.until('answered', ({ notices }) => notices.at(-1)?.text === '1 found.', 60_000);
  expect(page.open().selection).toEqual(selectPending(state())[0]!.selection);
  expect(activeAsking(state())).toBeNull();
  await undo(app);
  expect(selectPending(state())).toHaveLength(0);
  expect(activeQuery(state())?.text).toBe(text);
});

test('an answer for an image that was left goes to its query, and nothing of it to the image on screen', async () => {
  const { reply, go } = held(somewhere);
  const page = await askingPage([reply]);
  const { app, open } = page;
  const asked = open().document.image.id;
  await addQuery(app, text);
  await eventually('the server is asked', () => page.server.seen.length > 0);
  await stepImage(app, 1);
  const elsewhere = open();
  go();
  await page.until('it is said', ({ notices }) => notices.some((each) => each.text.startsWith('1 found for')), 60_000);
  expect(open().document.proposals).toEqual(elsewhere.document.proposals);
  expect(open().selection).toEqual(elsewhere.selection);
  const stored = await app.host.call('image.read', { imageId: asked });
  const query = stored.queries.find((each) => each.text === text)!;
  expect(stored.proposals.filter(({ queryId }) => queryId === query.id)).toHaveLength(1);
});

test('Esc stops the model and leaves the query; a failure is shown with what to do, and stays until it is read', async () => {
  const { reply } = held(somewhere);
  const page = await askingPage([reply, (response) => response.writeHead(500).end('out of memory')]);
  const { app, state } = page;
  await addQuery(app, text);
  await eventually('the server is asked', () => page.server.seen.length > 0);
  await rejectOrCancel(app);
  expect(page.said()).toMatch(/^Stopped the model/);
  await page.until('given up', (each) => activeAsking(each) === null);
  expect(activeQuery(state())).toMatchObject({ text, status: 'draft' });
  await addQuery(app, 'what is round?');
  await page.until('failed', (each) => activeAsking(each)?.state === 'failed', 60_000);
  expect(activeAsking(state())?.failure).toMatchObject({ code: 'endpoint' });
  cancelAsking(app, activeQuery(state())!.id);
});

test('the last query is repeated on the next image; queries are edited and deleted, and come back', async () => {
  const page = await samplePage();
  const { app, state, open } = page;
  await addQuery(app, text);
  const { id } = activeQuery(state())!;
  await editQuery(app, id, { text: 'what could a cat sit on?', reasoningType: 'context' });
  expect(activeQuery(state())).toMatchObject({ id, reasoningType: 'context' });
  await deleteQuery(app, id);
  expect(open().document.queries.some((query) => query.id === id)).toBe(false);
  await undo(app);
  expect(activeQuery(state())).toMatchObject({ id, text: 'what could a cat sit on?' });
  await stepImage(app, 1);
  await repeatLastQuery(app);
  expect(activeQuery(state())?.text).toBe('what could a cat sit on?');
});

test('an answer that is still being said is one step that grows', () => {
  const question = { kind: 'question', text: 'what?' } as const;
  const pieces = [{ kind: 'answer', text: 'the' } as const, { kind: 'answer', text: ' mug', continues: true } as const];
  const steps = [question, ...pieces].reduce(withStep, [] as ReturnType<typeof withStep>);
  expect(steps).toEqual([question, { kind: 'answer', text: 'the mug' }]);
  expect(withStep(steps, { kind: 'answer', text: 'again' })).toHaveLength(3);
});
