/**
 * @file Opened models, by pack id: verified, cut where the manifest says so, opened on the fastest provider that
 * works, once. A model that failed to open is not remembered: the next call tries again.
 */
import { AppError } from '../contract/errors.ts';
import type { LlavaSpec } from '../contract/pack.ts';
import type { ProviderReport } from '../contract/provider.ts';
import { openGraphs } from './llava/graphs.ts';
import type { LlavaModel } from './llava/reason.ts';
import { openTokenizer } from './llava/tokenizer.ts';
import { createSession, knownProviders, type OnnxSession } from './onnx-session.ts';
import { editedModel } from './packs/edited-model.ts';
import { findPack, type InstalledPack, resolveFile } from './packs/registry.ts';
import { verifyPack } from './packs/verify.ts';
import type { EngineSettings } from './protocol.ts';
import { openWithFallback } from './provider-probe.ts';
import { openSegmenter, type Segmenter } from './segmenter.ts';

export type OpenSegmenter = { readonly id: string; readonly segmenter: Segmenter; readonly report: ProviderReport };

/** A language model that runs here, with the mask decoder that was trained with it where there is one. */
export type OpenReasoner = {
  readonly id: string;
  readonly model: LlavaModel;
  readonly decoder: {
    /** Id of the pack whose image embeddings it takes. */
    readonly segmenter: string;
    readonly session: OnnxSession;
    readonly spec: NonNullable<LlavaSpec['decoder']>;
  } | null;
  readonly report: ProviderReport;
};

export type Models = {
  segmenter(packId: string): Promise<OpenSegmenter>;
  reasoner(packId: string): Promise<OpenReasoner>;
  /** Segmenters only. */
  opened(): OpenSegmenter[];
};

export function createModels(
  settings: EngineSettings,
  onTry: (provider: ProviderReport['used'] | null) => void,
): Models {
  const opened = new Map<string, OpenSegmenter>();
  const probe = { crashed: settings.crashed, onTry };
  const { threads } = settings;

  async function openSegmenterPack(id: string): Promise<OpenSegmenter> {
    const installed = await findPack(id);
    const { pack } = installed;
    if (pack.kind !== 'segmenter') {
      throw new AppError('bad-request', `The pack "${id}" is no segmenter: its kind is ${pack.kind}.`, {
        hint: 'Give the id of a segmenter as --pack, and this one as --reasoner.',
      });
    }
    await verifyPack(installed);
    const spec = pack.segmenter;
    const files = {
      encoder: resolveFile(installed, spec.encoder.file),
      decoder: await editedModel(installed, spec.decoder),
    };
    const open = (provider: ProviderReport['used']) => openSegmenter(spec, files, provider, threads);
    const { value, report } = await openWithFallback(settings.provider, knownProviders(), open, probe);
    const model = { id, segmenter: value, report };
    opened.set(id, model);
    return model;
  }

  async function openReasonerPack(id: string): Promise<OpenReasoner> {
    const installed = await findPack(id);
    const { pack } = installed;
    if (pack.kind !== 'llava-seg') {
      throw new AppError('bad-request', `The pack "${id}" holds no language model: its kind is ${pack.kind}.`);
    }
    await verifyPack(installed);
    const spec = pack.llava;
    const path = (file: string) => resolveFile(installed, file);
    const tokenizerFiles = {
      tokenizer: path(spec.tokenizer.file),
      config: spec.tokenizer.config === null ? null : path(spec.tokenizer.config),
    };
    const tokenizer = await openTokenizer(spec, tokenizerFiles);
    const files = {
      vision: path(spec.vision.file),
      embedTokens: path(spec.embedTokens.file),
      languageModel: path(spec.languageModel.file),
    };
    const open = (provider: ProviderReport['used']) => openGraphs(spec, files, provider, threads);
    const { value: graphs, report } = await openWithFallback(settings.provider, knownProviders(), open, probe);
    const decoder = await openTrainedDecoder(installed, spec, report.used, threads).catch(async (error: unknown) => {
      await graphs.release();
      throw error;
    });
    return { id, model: { spec, tokenizer, graphs }, decoder, report };
  }

  return { segmenter: once(openSegmenterPack), reasoner: once(openReasonerPack), opened: () => [...opened.values()] };
}

async function openTrainedDecoder(
  installed: InstalledPack,
  { decoder }: LlavaSpec,
  provider: ProviderReport['used'],
  threads: number | undefined,
): Promise<OpenReasoner['decoder']> {
  if (!decoder) return null;
  const session = await createSession(await editedModel(installed, decoder), provider, threads);
  return { segmenter: decoder.segmenter, session, spec: decoder };
}

/** One opening for each id; calls meanwhile share it, and one that failed is forgotten. */
function once<T>(open: (id: string) => Promise<T>): (id: string) => Promise<T> {
  const pending = new Map<string, Promise<T>>();
  return (id) => {
    const known = pending.get(id);
    if (known) return known;
    const opening = open(id).catch((error: unknown) => {
      pending.delete(id);
      throw error;
    });
    pending.set(id, opening);
    return opening;
  };
}
