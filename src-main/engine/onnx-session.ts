/**
 * @file The only file that talks to ONNX Runtime. `run` blocks its thread for as long as the model takes, which is
 * why the engine is a process of its own.
 */
import { InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import { AppError } from '../contract/errors.ts';
import { type Provider, providers } from '../contract/provider.ts';

/** A `Uint16Array` holds the bits of half-precision floats: they go from one run to the next and are not read here. */
export type TensorData = Float32Array | Uint16Array | Int32Array | BigInt64Array | Uint8Array;
export type TensorValue = { readonly data: TensorData; readonly dims: readonly number[] };

/** Milliseconds spent inside session runs and how many runs there were, summed by whoever passes it along. */
export type Meter = { onnxMs: number; runs: number };

export type OnnxSession = {
  readonly provider: Provider;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Runs the graph for the outputs named. Throws AppError 'bad-pack' where names or shapes do not fit the graph. */
  run(
    feeds: Readonly<Record<string, TensorValue>>,
    outputs: readonly string[],
    meter?: Meter,
  ): Promise<Record<string, TensorValue>>;
  release(): Promise<void>;
};

/** Providers that this build of ONNX Runtime knows, fastest first. That one is listed does not mean that it starts. */
export function knownProviders(): Provider[] {
  const names = new Set(listSupportedBackends().map((backend) => backend.name));
  return providers.filter((provider) => names.has(provider));
}

function tensorOf({ data, dims }: TensorValue): Tensor {
  if (data instanceof Float32Array) return new Tensor('float32', data, dims);
  if (data instanceof Uint16Array) return halfTensor(data, dims);
  if (data instanceof Int32Array) return new Tensor('int32', data, dims);
  if (data instanceof BigInt64Array) return new Tensor('int64', data, dims);
  return new Tensor('uint8', data, dims);
}

/**
 * Under Node 24 the binding reads a Float16Array as empty, and makes one of the bits that it is given
 * (microsoft/onnxruntime, pull request 32323, open in onnxruntime-node 1.30): so the tensor shows it the bits themselves.
 */
function halfTensor(bits: Uint16Array, dims: readonly number[]): Tensor {
  return Object.defineProperty(new Tensor('float16', bits, dims), 'data', { value: bits });
}

/** Half-precision floats as their bits: the runtime gives a Float16Array where the language has one. */
function bitsOf({ buffer, byteOffset, length }: Uint16Array): Uint16Array {
  return new Uint16Array(buffer, byteOffset, length);
}

/**
 * Opens a model file on one provider. Throws what ONNX Runtime throws when the provider cannot start: it does not
 * fall back by itself.
 */
export async function createSession(file: string, provider: Provider, threads?: number): Promise<OnnxSession> {
  const session = await InferenceSession.create(file, {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    // Sessions take turns, and an arena of each would keep what its own largest run took.
    enableCpuMemArena: false,
    // Warnings about nodes that stay on the CPU are of no use to an annotator; errors are thrown.
    logSeverityLevel: 3,
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
  });
  const inputs = session.inputNames;

  async function run(
    feeds: Readonly<Record<string, TensorValue>>,
    outputs: readonly string[],
    meter?: Meter,
  ): Promise<Record<string, TensorValue>> {
    const missing = inputs.filter((name) => !(name in feeds));
    const unknown = outputs.filter((name) => !session.outputNames.includes(name));
    if (missing.length > 0 || unknown.length > 0) {
      throw new AppError('bad-pack', `The manifest does not fit the model ${file}.`, {
        hint: `Inputs not given: ${missing.join(', ') || 'none'}. Outputs it does not have: ${unknown.join(', ') || 'none'}. It has the inputs ${inputs.join(', ')} and the outputs ${session.outputNames.join(', ')}.`,
      });
    }
    const tensors = Object.fromEntries(inputs.map((name) => [name, tensorOf(feeds[name]!)]));
    const start = performance.now();
    const results = await session.run(tensors, [...outputs]).catch((cause: unknown) => {
      const shapes = inputs.map((name) => `${name} [${feeds[name]!.dims.join(', ')}]`).join(', ');
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new AppError('bad-pack', `The model ${file} failed on ${provider}: ${reason}`, {
        hint: `It was given ${shapes}. If the pack is intact ("models verify"), its manifest does not fit the model.`,
        cause,
      });
    });
    if (meter) {
      meter.onnxMs += performance.now() - start;
      meter.runs += 1;
    }
    return Object.fromEntries(
      outputs.map((name) => {
        const { data, dims, type } = results[name]!;
        return [name, { data: type === 'float16' ? bitsOf(data as Uint16Array) : (data as TensorData), dims }];
      }),
    );
  }

  return { provider, inputs, outputs: session.outputNames, run, release: () => session.release() };
}
