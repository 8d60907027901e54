import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSession, knownProviders, type Meter } from '../../src-main/engine/onnx-session.ts';
import { temporary, writeEcho, writeModel } from './tiny-model.ts';

/** sum = a + b, difference = a - b. */
const openTiny = async () => {
  const shape = ['n'];
  const file = await writeModel(
    ['a', 'b'].map((name) => ({ name, type: 'float32', shape })),
    [
      { op: 'Add', inputs: ['a', 'b'], output: 'sum' },
      { op: 'Sub', inputs: ['a', 'b'], output: 'difference' },
    ],
    ['sum', 'difference'].map((name) => ({ name, type: 'float32', shape })),
  );
  return { file, session: await createSession(file, 'cpu', 1) };
};
const floats = (...values: number[]) => ({ data: Float32Array.from(values), dims: [values.length] });

test('gives the outputs asked for, and counts runs and the time in them', async () => {
  const { session } = await openTiny();
  expect(session).toMatchObject({ provider: 'cpu', inputs: ['a', 'b'], outputs: ['sum', 'difference'] });
  const meter: Meter = { onnxMs: 0, runs: 0 };
  const feeds = { a: floats(1, 2, 3), b: floats(10, 20, 30) };
  const start = performance.now();
  expect(await session.run(feeds, ['difference'], meter)).toEqual({ difference: floats(-9, -18, -27) });
  expect(Object.keys(await session.run(feeds, ['sum', 'difference'], meter))).toEqual(['sum', 'difference']);
  expect(meter.runs).toBe(2);
  expect(meter.onnxMs).toBeGreaterThan(0);
  expect(meter.onnxMs).toBeLessThanOrEqual(performance.now() - start);
  expect((await session.run(feeds, ['sum']))['sum']!.data).toEqual(Float32Array.of(11, 22, 33));
  await session.release();
});

test('inputs that the graph does not have are left out: manifests name all that a family may have', async () => {
  const { session } = await openTiny();
  const result = await session.run({ a: floats(1), b: floats(2), extra: floats(3) }, ['sum']);
  expect(result['sum']!.data).toEqual(Float32Array.of(3));
});

test('inputs not given and outputs that it does not have are named, and nothing is counted', async () => {
  const { session, file } = await openTiny();
  const meter: Meter = { onnxMs: 0, runs: 0 };
  const failure = await session.run({ a: floats(1), c: floats(1) }, ['sum', 'product'], meter).catch((e) => e);
  expect(failure).toMatchObject({ name: 'AppError', code: 'bad-pack' });
  expect(failure.message).toContain(file);
  expect(failure.hint).toContain('Inputs not given: b.');
  expect(failure.hint).toContain('Outputs it does not have: product.');
  expect(failure.hint).toContain('the inputs a, b and the outputs sum, difference');
  expect(meter).toEqual({ onnxMs: 0, runs: 0 });
});

test('a shape or a type that does not fit is told with the shapes that were given', async () => {
  const { session } = await openTiny();
  const unequal = await session.run({ a: floats(1, 2, 3), b: floats(1, 2) }, ['sum']).catch((e) => e);
  expect(unequal).toMatchObject({ name: 'AppError', code: 'bad-pack' });
  expect(unequal.hint).toContain('a [3], b [2]');
  const integers = { data: Int32Array.of(1, 2), dims: [2] };
  await expect(session.run({ a: integers, b: floats(1, 2) }, ['sum'])).rejects.toMatchObject({ code: 'bad-pack' });
});

test('all four types go in and come out as they are', async () => {
  const values = {
    f: { data: Float32Array.of(1.5, -2), dims: [1, 2] },
    i: { data: Int32Array.of(-7, 8), dims: [2, 1] },
    l: { data: BigInt64Array.of(-1n, 2n ** 40n), dims: [2] },
    u: { data: Uint8Array.of(255, 0), dims: [2] },
  };
  const file = await writeEcho([
    { name: 'f', type: 'float32', shape: [1, 2] },
    { name: 'i', type: 'int32', shape: [2, 1] },
    { name: 'l', type: 'int64', shape: [2] },
    { name: 'u', type: 'uint8', shape: [2] },
  ]);
  const session = await createSession(file, 'cpu', 1);
  const { f_out: f, i_out: i, l_out: l, u_out: u } = await session.run(values, ['f_out', 'i_out', 'l_out', 'u_out']);
  expect({ f, i, l, u }).toEqual(values);
});

test('a file that is no model, and one that is not there, are refused at creation', async () => {
  const file = join(await temporary(), 'not.onnx');
  await writeFile(file, 'this is no model');
  await expect(createSession(file, 'cpu')).rejects.toThrow();
  await expect(createSession(`${file}.missing`, 'cpu')).rejects.toThrow();
});

test('the CPU is always among the known providers, and last', () => {
  expect(knownProviders().at(-1)).toBe('cpu');
  expect(new Set(knownProviders()).size).toBe(knownProviders().length);
});
