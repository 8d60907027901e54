/** @file The one way in: nothing unchecked comes in or goes out, and every call leaves a record. */
import { expect, expectTypeOf, test } from 'vitest';
import { type CallRecord, createDispatcher, type Dispatch, type Handlers } from '../../src-main/api/dispatcher.ts';
import type { Input, MethodName, Output, Parsed, Progress } from '../../src-main/contract/api.ts';
import { AppError } from '../../src-main/contract/errors.ts';
import type { Result } from '../../src-main/contract/result.ts';

/** A dispatcher whose handlers are those given; any other fails the test. */
function dispatcher(handlers: Partial<Handlers>) {
  const records: CallRecord[] = [];
  const other = new Proxy(handlers, {
    get: (target, name) =>
      Object.hasOwn(target, name) ? target[name as MethodName] : () => expect.fail(`${String(name)} was called`),
  });
  return { dispatch: createDispatcher(other as Handlers, (record) => records.push(record)), records };
}

test('a method that does not exist is refused, names of every object included', async () => {
  const { dispatch, records } = dispatcher({});
  const names = ['segment.everything', '', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'x'.repeat(5000)];
  for (const name of names) {
    const result = await dispatch(name as MethodName, {} as never);
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'not-found', message: expect.stringContaining(name.slice(0, 100)) },
    });
    if (!result.ok) expect(result.error.message.length).toBeLessThan(200);
  }
  expect(records).toHaveLength(names.length);
});

test('wrong input never reaches the handler, and the message names method and field', async () => {
  const { dispatch } = dispatcher({});
  const refused = async (method: MethodName, input: unknown, field: string | RegExp) => {
    const result = await dispatch(method, input as never, { trusted: true });
    expect(result).toMatchObject({ ok: false, error: { code: 'bad-request' } });
    if (!result.ok) expect(result.error.message).toMatch(field);
  };
  for (const input of [undefined, null, 7, 'text', []])
    await refused('segment.query', input, /^segment\.query .*expected object/);
  const image = { path: 'a.jpg' };
  await refused('segment.query', {}, /image: /);
  await refused('segment.query', { image: 'a.jpg' }, /image: .*expected object/);
  await refused('segment.query', { image: { path: '' } }, /image\.path: /);
  await refused('segment.query', { image, profile: 'fast' }, /profile: .*"paper"\|"default"/);
  await refused('segment.query', { image, points: [[1, Number.NaN, 1]] }, /points\[0\]\[1\]: /);
  await refused('segment.query', { image, points: [[1, 2, 3]] }, /points\[0\]\[2\]: /);
  await refused('segment.query', { image, boxes: [[9, 0, 1, 5]] }, /boxes\[0\]: a box is .* x1 < x2/);
  await refused(
    'segment.query',
    { image, activation: { grid: [2, 2], values: [1, 2, 3] } },
    /2 x 2 needs 4 activation values, got 3/,
  );
  await refused('segment.click', { image, points: Array.from({ length: 1001 }, () => [1, 1, 1]) }, /points: /);
  await refused('endpoint.test', { endpoint: { baseUrl: 'file:///etc/passwd' } }, /endpoint/);
});

test('defaults are filled in, and what is not in the contract is left behind', async () => {
  let seen: unknown;
  const { dispatch } = dispatcher({
    'engine.load': async (input) => {
      seen = input;
      return { provider: { used: 'cpu', refused: [] }, batchSize: 1 };
    },
  });
  const input = JSON.parse('{ "extra": 1, "__proto__": { "pack": "other" }, "constructor": 2 }');
  expect(await dispatch('engine.load', input)).toMatchObject({ ok: true });
  expect(seen).toEqual({ pack: 'mobile-sam' });
  expect(({} as Record<string, unknown>)['pack']).toBeUndefined();
});

test('an answer of another shape is our mistake: said with the method, logged with a trace', async () => {
  const { dispatch, records } = dispatcher({
    'models.verify': async () => ({ id: 'x', bytes: 'many' }) as never,
    'models.add': async () => {
      throw new TypeError('undefined is not a function');
    },
  });
  expect(await dispatch('models.verify', { id: 'x' })).toMatchObject({
    ok: false,
    error: { code: 'internal', message: expect.stringMatching(/^models\.verify answered wrongly: bytes: /) },
  });
  expect(await dispatch('models.add', { folder: 'x' })).toMatchObject({ ok: false, error: { code: 'internal' } });
  for (const record of records) expect(record.trace).toMatch(/\n +at /);
});

test('an error keeps code, message and hint, and leaves no trace in the log', async () => {
  const { dispatch, records } = dispatcher({
    'models.verify': async () => {
      throw new AppError('bad-pack', 'Truncated.', { hint: 'Add it again.' });
    },
  });
  const error = { code: 'bad-pack', message: 'Truncated.', hint: 'Add it again.' };
  expect(await dispatch('models.verify', { id: 'x' })).toEqual({ ok: false, error });
  expect(records).toEqual([{ method: 'models.verify', ms: expect.any(Number), error: 'bad-pack: Truncated.' }]);
});

test('a call that was cancelled says so, before it starts and in the middle, whatever the reason given', async () => {
  const { dispatch } = dispatcher({
    'models.download': (_, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  });
  const cancelled = { ok: false, error: { code: 'cancelled', message: 'The call was cancelled.' } };
  for (const reason of [undefined, 'no longer wanted', new Error('closed')]) {
    // No handler is there for this one: it must not be called.
    expect(await dispatch('models.verify', { id: 'x' }, { signal: AbortSignal.abort(reason) })).toEqual(cancelled);
    const controller = new AbortController();
    const running = dispatch('models.download', { id: 'x' }, { signal: controller.signal });
    controller.abort(reason);
    expect(await running).toEqual(cancelled);
  }
  expect(await dispatch('models.download', { id: 'x' }, { signal: AbortSignal.timeout(20) })).toEqual(cancelled);
});

test('progress arrives in order while the call runs, and the record holds its time', async () => {
  const { dispatch, records } = dispatcher({
    'models.verify': async ({ id }, { progress }) => {
      for (const done of [1, 2]) progress({ file: 'w.bin', done, total: 2 });
      await new Promise((resolve) => setTimeout(resolve, 40));
      return { id, bytes: 2 };
    },
  });
  const seen: number[] = [];
  const result = await dispatch('models.verify', { id: 'x' }, { onProgress: ({ done }) => seen.push(done) });
  expect(result).toEqual({ ok: true, value: { id: 'x', bytes: 2 } });
  expect(seen).toEqual([1, 2]);
  expect(records).toEqual([{ method: 'models.verify', ms: expect.any(Number) }]);
  expect(records[0]!.ms).toBeGreaterThan(35);
});

test('callers and handlers are typed from the contract', () => {
  // Checked by the compiler (npm run types): a mistake here fails there.
  const call = (dispatch: Dispatch) => dispatch('segment.click', { image: { path: 'a' }, points: [] });
  expectTypeOf(call).returns.resolves.toEqualTypeOf<Result<Output<'segment.click'>>>();
  expectTypeOf<Input<'segment.query'>['pack']>().toEqualTypeOf<string | undefined>();
  expectTypeOf<Parsed<'segment.query'>['pack']>().toEqualTypeOf<string>();
  expectTypeOf<Progress<'models.add'>>().toEqualTypeOf<{ file: string; done: number; total: number }>();
  expectTypeOf<Progress<'models.list'>>().toBeNever();
  // @ts-expect-error a box has four numbers
  const wrong: Input<'segment.click'> = { image: { path: 'a' }, points: [], box: [1, 2, 3] };
  expect(wrong).toBeDefined();
});
