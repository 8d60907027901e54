/** @file The tiny pack (test/fixtures/llava, made by its make.py), opened as the engine opens it, and PyTorch's answers. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { frameOf } from '../../src-main/contract/geometry.ts';
import type { LlavaPack, LlavaSpec } from '../../src-main/contract/pack.ts';
import { createEmbeddingCache, type EmbeddingCache } from '../../src-main/engine/embedding-cache.ts';
import { decodeImage } from '../../src-main/engine/image/decode.ts';
import { openGraphs } from '../../src-main/engine/llava/graphs.ts';
import { type LlavaModel, reasonWithLlava } from '../../src-main/engine/llava/reason.ts';
import { openTokenizer } from '../../src-main/engine/llava/tokenizer.ts';
import { readManifest } from '../../src-main/engine/packs/manifest.ts';
import type { Step } from '../../src-main/engine/protocol.ts';
import { segmenterAlone } from '../bundled-packs.ts';
import { sha256 } from '../packs/sample.ts';

export const fixtures = join(import.meta.dirname, '../fixtures/llava');
export const picture = join(fixtures, 'picture.png');

export type Expected = {
  query: string;
  hiddenState: 'predicting' | 'at';
  prompt_ids: number[];
  ids: number[];
  text: string;
  hidden: number[][];
  maps: number[][];
};
export const expected = JSON.parse(await readFile(join(fixtures, 'expected.json'), 'utf8')).cases as Expected[];

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** Other forms of the language model: in half precision, in 4 bits with its weights in a file of their own, with a projection. */
export type Variant = 'fp16' | 'int4' | 'projected';
const variantFiles: Record<Variant, Readonly<Record<string, string>>> = {
  fp16: { 'language_model.onnx': 'language_model.fp16.onnx' },
  int4: {
    'language_model.onnx': 'int4/language_model.onnx',
    'language_model.onnx.data': 'int4/language_model.onnx.data',
  },
  projected: { 'language_model.onnx': 'projected/language_model.onnx' },
};

/** Puts a fixture into a pack's folder and its manifest, in place of the file of that name where there is one. */
export async function addFile(pack: LlavaPack, folder: string, path: string, fixture: string): Promise<void> {
  const content = await readFile(join(fixtures, fixture));
  await writeFile(join(folder, path), content);
  const others = pack.files.filter((file) => file.path !== path);
  pack.files.splice(0, pack.files.length, ...others, { path, size: content.length, sha256: sha256(content) });
}

/** A data folder with a copy of the tiny pack whose manifest was changed. */
export async function homeWithPack(
  change: (pack: LlavaPack, folder: string) => unknown = () => {},
  variant?: Variant,
): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'novo-llava-'));
  folders.push(home);
  const folder = join(home, 'packs', 'tiny-llava');
  await mkdir(join(home, 'packs'), { recursive: true });
  await cp(join(fixtures, 'pack'), folder, { recursive: true });
  const pack = JSON.parse(await readFile(join(folder, 'pack.json'), 'utf8')) as LlavaPack;
  for (const [path, fixture] of Object.entries(variant ? variantFiles[variant] : {})) {
    await addFile(pack, folder, path, fixture);
  }
  if (variant === 'fp16') pack.llava.languageModel.cache.dtype = 'float16';
  if (variant === 'projected') Object.assign(pack.llava, { stateSize: 24, similarity: 'dot' });
  await change(pack, folder);
  await writeFile(join(folder, 'pack.json'), JSON.stringify(pack));
  return home;
}

/** A folder for NOVO_PACKS: the segmenter, and the tiny pack as if it came with the application. */
export async function bundledTiny(): Promise<string> {
  const packs = await mkdtemp(join(tmpdir(), 'novo-packs-'));
  folders.push(packs);
  await cp(segmenterAlone(), packs, { recursive: true });
  await cp(join(fixtures, 'pack'), join(packs, 'tiny-llava'), { recursive: true });
  return packs;
}

export const packFolder = (home: string) => join(home, 'packs', 'tiny-llava');

/** The model of a pack's folder on the CPU. */
export async function openTiny(folder = join(fixtures, 'pack'), change: Partial<LlavaSpec> = {}): Promise<LlavaModel> {
  const { llava } = (await readManifest(folder)) as LlavaPack;
  const spec = { ...llava, ...change };
  const path = (file: string) => join(folder, file);
  const tokenizer = await openTokenizer(spec, {
    tokenizer: path(spec.tokenizer.file),
    config: path(spec.tokenizer.config!),
  });
  const files = {
    vision: path(spec.vision.file),
    embedTokens: path(spec.embedTokens.file),
    languageModel: path(spec.languageModel.file),
  };
  return { spec, tokenizer, graphs: await openGraphs(spec, files, 'cpu', 1) };
}

type Options = { memory?: EmbeddingCache; signal?: AbortSignal; onStep?: (step: Step) => void };

/** Asks about the picture. `runs` counts session runs, `decoded` how often the picture's pixels were asked for. */
export async function ask(model: LlavaModel, query: string, options: Options = {}) {
  const steps: Step[] = [];
  const meter = { onnxMs: 0, runs: 0 };
  let decoded = 0;
  const photo = {
    key: 'tiny-llava/picture',
    frame: frameOf(33, 20, { imageSize: 1024, maskSize: 256, resize: 'longest-side' }),
    pixels: () => {
      decoded++;
      return decodeImage(picture);
    },
  };
  const answer = await reasonWithLlava(model, photo, query, {
    signal: options.signal ?? new AbortController().signal,
    meter,
    memory: options.memory ?? createEmbeddingCache(1 << 20),
    onStep: (step) => {
      steps.push(step);
      options.onStep?.(step);
    },
  });
  return { ...answer, steps, decoded, runs: meter.runs };
}
