/**
 * @file The three graphs of a `llava-seg` pack as functions: photo -> features, ids -> embeddings, and a step of the
 * language model with its key/value cache. Shapes are checked here, so that a manifest that does not fit is told so.
 */
import { AppError } from '../../contract/errors.ts';
import type { LlavaSpec } from '../../contract/pack.ts';
import type { Provider } from '../../contract/provider.ts';
import type { RgbImage } from '../image/decode.ts';
import { imageTensor } from '../image/tensor.ts';
import { createSession, type Meter, type OnnxSession, type TensorValue } from '../onnx-session.ts';

/** Keys and values of the tokens so far, under the names that they go in by. */
export type LanguageCache = { readonly length: number; readonly tensors: Readonly<Record<string, TensorValue>> };

export type LanguageStep = {
  /** Scores of the vocabulary for what follows the last token. */
  readonly logits: Float32Array;
  /** [t, stateSize], row-major: states of the tokens that went in, after the final norm (and the projection, if any). */
  readonly hidden: Float32Array;
  readonly cache: LanguageCache;
};

export type LlavaGraphs = {
  readonly emptyCache: LanguageCache;
  /** [cells, hiddenSize]. */
  features(image: RgbImage, meter?: Meter): Promise<Float32Array>;
  /** [ids, hiddenSize]. */
  embed(ids: readonly number[], meter?: Meter): Promise<Float32Array>;
  step(embeddings: Float32Array, cache: LanguageCache, meter?: Meter): Promise<LanguageStep>;
  release(): Promise<void>;
};

export type LlavaFiles = { readonly vision: string; readonly embedTokens: string; readonly languageModel: string };

/** Opens the graphs on one provider and, where that is not the CPU, runs each once to see that it works. */
export async function openGraphs(
  spec: LlavaSpec,
  files: LlavaFiles,
  provider: Provider,
  threads?: number,
): Promise<LlavaGraphs> {
  const sessions: OnnxSession[] = [];
  const release = async () => {
    for (const session of sessions) await session.release();
  };
  const open = async (file: string) => {
    const session = await createSession(file, provider, threads);
    sessions.push(session);
    return session;
  };
  try {
    const [vision, embedTokens, language] = [
      await open(files.vision),
      await open(files.embedTokens),
      await open(files.languageModel),
    ];
    const graphs: LlavaGraphs = {
      emptyCache: emptyCache(spec),
      features: (image, meter) => features(vision, spec, image, meter),
      embed: (ids, meter) => embed(embedTokens, spec, ids, meter),
      step: (embeddings, cache, meter) => step(language, spec, embeddings, cache, meter),
      release,
    };
    if (provider !== 'cpu') await tryOut(graphs, spec);
    return graphs;
  } catch (error) {
    await release();
    throw error;
  }
}

async function tryOut(graphs: LlavaGraphs, spec: LlavaSpec): Promise<void> {
  await graphs.features({ width: 8, height: 8, data: new Uint8Array(8 * 8 * 3).fill(128) });
  await graphs.step(await graphs.embed([spec.endTokens[0]!]), graphs.emptyCache);
}

async function features(session: OnnxSession, spec: LlavaSpec, image: RgbImage, meter?: Meter): Promise<Float32Array> {
  const { size, channels, range, normalise, padding } = spec.image;
  const encoder = { layout: 'NCHW', dtype: 'float32', channels, range, normalise, pad: true, padding } as const;
  const rule = { imageSize: size, maskSize: size, resize: 'longest-side', encoder } as const;
  const { data, dims } = imageTensor(image, rule);
  const { input, output, file } = spec.vision;
  const found = (await session.run({ [input]: { data, dims } }, [output], meter))[output]!;
  const [rows, columns] = spec.grid;
  return checked(found, [1, rows * columns, spec.hiddenSize], `${file} (${rows} x ${columns} cells of the grid)`);
}

async function embed(session: OnnxSession, spec: LlavaSpec, ids: readonly number[], meter?: Meter) {
  if (ids.length === 0) return new Float32Array(0); // nothing stands before the image, say
  const { input, output, file } = spec.embedTokens;
  const feeds = { [input]: { data: BigInt64Array.from(ids, BigInt), dims: [1, ids.length] } };
  const found = (await session.run(feeds, [output], meter))[output]!;
  return checked(found, [1, ids.length, spec.hiddenSize], file);
}

async function step(
  session: OnnxSession,
  spec: LlavaSpec,
  embeddings: Float32Array,
  cache: LanguageCache,
  meter?: Meter,
): Promise<LanguageStep> {
  const { inputs, outputs, file } = spec.languageModel;
  const count = embeddings.length / spec.hiddenSize;
  const length = cache.length + count;
  const feeds: Record<string, TensorValue> = {
    ...cache.tensors,
    [inputs.embeddings]: { data: embeddings, dims: [1, count, spec.hiddenSize] },
  };
  if (inputs.positionIds !== null) {
    const data = BigInt64Array.from({ length: count }, (_, k) => BigInt(cache.length + k));
    feeds[inputs.positionIds] = { data, dims: [1, count] };
  }
  if (inputs.attentionMask !== null) {
    feeds[inputs.attentionMask] = { data: new BigInt64Array(length).fill(1n), dims: [1, length] };
  }
  const names = cacheNames(spec);
  const wanted = [outputs.logits, outputs.hidden, ...names.map(({ present }) => present)];
  const found = await session.run(feeds, wanted, meter);
  const hidden = checked(found[outputs.hidden]!, [1, count, stateSize(spec)], file);
  const { data: logits, dims } = found[outputs.logits]!;
  const vocabulary = dims.at(-1) ?? 0;
  if (!(logits instanceof Float32Array) || vocabulary <= spec.segToken.id) {
    throw misfit(
      file,
      `logits [${dims.join(', ')}], of which ${spec.segToken.text} would be number ${spec.segToken.id}`,
    );
  }
  const tensors = Object.fromEntries(names.map(({ past, present }) => [past, found[present]!]));
  return { logits: logits.subarray(-vocabulary), hidden, cache: { length, tensors } };
}

/** Size of the hidden states that a step answers with. */
export function stateSize(spec: LlavaSpec): number {
  return spec.stateSize ?? spec.hiddenSize;
}

/** Names of keys and values of all layers, as they go in and as they come out. */
function cacheNames({ languageModel: { cache } }: LlavaSpec): { past: string; present: string }[] {
  return Array.from({ length: cache.layers }, (_, layer) =>
    (['key', 'value'] as const).map((part) => ({
      past: cache.past[part].replaceAll('{layer}', `${layer}`),
      present: cache.present[part].replaceAll('{layer}', `${layer}`),
    })),
  ).flat();
}

function emptyCache(spec: LlavaSpec): LanguageCache {
  const { heads, headSize, dtype } = spec.languageModel.cache;
  const data = dtype === 'float16' ? new Uint16Array(0) : new Float32Array(0);
  const empty = { data, dims: [1, heads, 0, headSize] };
  return { length: 0, tensors: Object.fromEntries(cacheNames(spec).map(({ past }) => [past, empty])) };
}

function checked({ data, dims }: TensorValue, expected: readonly number[], what: string): Float32Array {
  if (data instanceof Float32Array && dims.join() === expected.join()) return data;
  throw misfit(what, `[${dims.join(', ')}] in a ${data.constructor.name}; expected float32 [${expected.join(', ')}]`);
}

function misfit(what: string, found: string): AppError {
  return new AppError('bad-pack', `The manifest does not fit the model ${what}: it answers ${found}.`, {
    hint: 'Grid, hiddenSize, stateSize and the token ids in pack.json must be those of the exported model: export the pack again.',
  });
}
