/** @file MobileSAM as the application opens it, for the benches of the refinement. */
import { editedModel } from '../src-main/engine/packs/edited-model.ts';
import { findPack } from '../src-main/engine/packs/registry.ts';
import { openSegmenter, type Segmenter } from '../src-main/engine/segmenter.ts';

export async function openMobileSam(): Promise<Segmenter> {
  const installed = await findPack('mobile-sam');
  if (installed.pack.kind !== 'segmenter') throw new Error('mobile-sam is a segmenter');
  const { segmenter: spec } = installed.pack;
  const files = {
    encoder: await editedModel(installed, spec.encoder),
    decoder: await editedModel(installed, spec.decoder),
  };
  return openSegmenter(spec, files, 'cpu', Number(process.env['NOVO_THREADS'] ?? 1));
}
