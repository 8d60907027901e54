/**
 * @file Opened models, by pack id: verified, cut where the manifest says so, opened on the fastest provider that
 * works, once. A model that failed to open is not remembered: the next call tries again.
 */
import { AppError } from '../contract/errors.ts';
import type { ProviderReport } from '../contract/provider.ts';
import { knownProviders } from './onnx-session.ts';
import { editedModel } from './packs/edited-model.ts';
import { findPack, resolveFile } from './packs/registry.ts';
import { verifyPack } from './packs/verify.ts';
import type { EngineSettings } from './protocol.ts';
import { openWithFallback } from './provider-probe.ts';
import { openSegmenter, type Segmenter } from './segmenter.ts';

export type OpenSegmenter = { readonly id: string; readonly segmenter: Segmenter; readonly report: ProviderReport };

export type Models = {
  segmenter(packId: string): Promise<OpenSegmenter>;
  opened(): OpenSegmenter[];
};

export function createModels(
  settings: EngineSettings,
  onTry: (provider: ProviderReport['used'] | null) => void,
): Models {
  const pending = new Map<string, Promise<OpenSegmenter>>();
  const opened = new Map<string, OpenSegmenter>();

  async function open(id: string): Promise<OpenSegmenter> {
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
    const { value, report } = await openWithFallback(
      settings.provider,
      knownProviders(),
      (provider) => openSegmenter(spec, files, provider, settings.threads),
      { crashed: settings.crashed, onTry },
    );
    return { id, segmenter: value, report };
  }

  return {
    segmenter(packId) {
      const known = pending.get(packId);
      if (known) return known;
      const opening = open(packId).then(
        (model) => {
          opened.set(packId, model);
          return model;
        },
        (error: unknown) => {
          pending.delete(packId);
          throw error;
        },
      );
      pending.set(packId, opening);
      return opening;
    },
    opened: () => [...opened.values()],
  };
}
