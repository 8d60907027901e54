import { describe, expect, test } from 'vitest';
import { type Provider, providers } from '../../src-main/contract/provider.ts';
import { createSession, knownProviders } from '../../src-main/engine/onnx-session.ts';
import { candidates, openWithFallback } from '../../src-main/engine/provider-probe.ts';
import { writeEcho } from './tiny-model.ts';

const known: Provider[] = ['cuda', 'webgpu', 'cpu'];

/** Opens on every provider but these, which throw. */
const openBut =
  (reasons: Partial<Record<Provider, string>>, opened: Provider[] = []) =>
  async (provider: Provider) => {
    opened.push(provider);
    if (reasons[provider] !== undefined) throw new Error(reasons[provider]);
    return `on ${provider}`;
  };

test('the order is the wanted ones, then the CPU, each once', () => {
  expect(candidates('auto', known)).toEqual(['cuda', 'webgpu', 'cpu']);
  expect(candidates('auto', ['cpu'])).toEqual(['cpu']);
  expect(candidates('webgpu', known)).toEqual(['webgpu', 'cpu']);
  expect(candidates('cpu', known)).toEqual(['cpu']);
});

test('the first that opens is used, and nothing after it is tried', async () => {
  const opened: Provider[] = [];
  expect(await openWithFallback('auto', known, openBut({ cuda: 'no driver\nat line 1' }, opened))).toEqual({
    value: 'on webgpu',
    report: { used: 'webgpu', refused: [{ provider: 'cuda', reason: 'no driver' }] },
  });
  expect(opened).toEqual(['cuda', 'webgpu']);
});

test('one that the build does not have, and one that crashed before, are not tried, and it is said', async () => {
  const opened: Provider[] = [];
  const wanted = await openWithFallback('dml', known, openBut({}, opened));
  expect(wanted.report.used).toBe('cpu');
  expect(wanted.report.refused[0]!.reason).toContain('does not have it');
  const auto = await openWithFallback('auto', known, openBut({}, opened), { crashed: ['cuda'] });
  expect(auto.report).toMatchObject({ used: 'webgpu', refused: [{ provider: 'cuda' }] });
  expect(auto.report.refused[0]!.reason).toContain('ended the inference process');
  expect(opened).toEqual(['cpu', 'webgpu']);
  // A crash on the CPU cannot be helped by leaving it out.
  expect((await openWithFallback('cpu', known, openBut({}), { crashed: ['cpu'] })).value).toBe('on cpu');
});

test('the parent knows what is being tried, and when it is over', async () => {
  const told: (Provider | null)[] = [];
  await openWithFallback('auto', known, openBut({ cuda: 'no' }), {
    crashed: ['webgpu'],
    onTry: (provider) => void told.push(provider),
  });
  expect(told).toEqual(['cuda', null, 'cpu', null]);
});

test('where the CPU fails too, its error is the answer', async () => {
  const open = openBut({ cuda: 'no cuda', webgpu: 'no adapter', cpu: 'the model is damaged' });
  await expect(openWithFallback('auto', known, open)).rejects.toThrow('the model is damaged');
});

test('whatever is thrown, a reason is a short line of text', async () => {
  const reasonOf = async (thrown: unknown) => {
    const open = (provider: Provider) => (provider === 'cpu' ? Promise.resolve(1) : Promise.reject(thrown));
    return (await openWithFallback('cuda', known, open)).report.refused[0]!.reason;
  };
  expect((await reasonOf(new Error('x'.repeat(5000)))).length).toBeLessThanOrEqual(300);
  expect(await reasonOf('just text')).toBe('just text');
  expect(await reasonOf(new Error('\n  first words\nmore'))).toBe('first words');
  expect(await reasonOf(new Error(''))).not.toBe('');
  const noise = '/onnxruntime_src/core/session/provider.cc:1988 Get() [ONNXRuntimeError] : 1 : FAIL : x was false. ';
  expect(await reasonOf(new Error(`${noise}CUDA failure 100: no device`))).toBe('CUDA failure 100: no device');
});

describe('on this machine', () => {
  test.each(providers)('%s opens a real model, or the report says why not', async (provider) => {
    const file = await writeEcho([{ name: 'x', type: 'float32', shape: [2] }]);
    const { value: session, report } = await openWithFallback(provider, knownProviders(), (chosen) =>
      createSession(file, chosen, 1),
    );
    expect(session.provider).toBe(report.used);
    if (report.used !== provider) {
      expect(report.used).toBe('cpu');
      expect(report.refused).toEqual([{ provider, reason: expect.stringMatching(/\S{2}/) }]);
    } else {
      expect(report.refused).toEqual([]);
    }
    const { x_out: x } = await session.run({ x: { data: Float32Array.of(1, 2), dims: [2] } }, ['x_out']);
    expect(x!.data).toEqual(Float32Array.of(1, 2));
    await session.release();
  });
});
