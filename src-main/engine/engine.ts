/**
 * @file The work of the engine process, one function a method. Holds the process's state: opened models and
 * embeddings, both bounded.
 */
import { resolve } from 'node:path';
import { AppError } from '../contract/errors.ts';
import type { Provider } from '../contract/provider.ts';
import { decodeRle } from '../contract/rle.ts';
import { startCall } from './call.ts';
import { answerClick } from './click.ts';
import { createEmbeddingCache } from './embedding-cache.ts';
import { checkAnswerable } from './evidence.ts';
import { decodeImage } from './image/decode.ts';
import { writeOverlay } from './image/overlay.ts';
import { createImages } from './images.ts';
import { editMask } from './mask-edit.ts';
import { createModels } from './models.ts';
import type { EngineHandlers, EngineSettings, ImageFile } from './protocol.ts';
import { answerQuery } from './query.ts';

/** `onTry` hears which provider is being tried: it may take this process along. */
export function createEngine(settings: EngineSettings, onTry: (provider: Provider | null) => void): EngineHandlers {
  const models = createModels(settings, onTry);
  const cache = createEmbeddingCache(settings.embeddingBytes);
  const images = createImages(cache);
  const start = async (image: ImageFile, pack: string, signal: AbortSignal) =>
    startCall(image.path, await models.segmenter(pack), images, signal);

  return {
    'image.encode': async ({ image, pack }, { signal }) => {
      const { encoded } = await start(image, pack, signal);
      const { width, height } = encoded.embedding.frame;
      return { width, height, cached: encoded.cached, encode_ms: encoded.encodeMs };
    },
    'segment.query': async (input, { signal, progress, secrets, waiting }) => {
      await checkAnswerable(input);
      const call = await start(input.image, input.pack, signal);
      const asking = {
        signal,
        onStep: progress,
        key: secrets.reasonerKey,
        waiting,
        open: models.reasoner,
        memory: cache,
      };
      return answerQuery(input, call, asking);
    },
    'segment.click': async (input, { signal }) => answerClick(input, await start(input.image, input.pack, signal)),
    'mask.edit': async (input) => editMask(input),
    'overlay.write': async ({ image, instances, query, answer, file }) => {
      if (resolve(file) === resolve(image.path)) {
        throw new AppError('bad-request', `The overlay would take the place of the photo itself, ${file}.`, {
          hint: 'Give the overlay another name.',
        });
      }
      const masks = instances.map(({ segmentation, score, label }) => ({
        mask: decodeRle(segmentation),
        score,
        ...(label === undefined ? {} : { label }),
      }));
      const words = { ...(query === undefined ? {} : { query }), ...(answer === undefined ? {} : { answer }) };
      await writeOverlay(await decodeImage(image.path), { masks, ...words }, file);
      return { file };
    },
    'engine.status': async () => ({
      pid: process.pid,
      residentBytes: process.memoryUsage.rss(),
      segmenters: models.opened().map(({ id, report, segmenter }) => ({
        pack: id,
        provider: report,
        batchSize: segmenter.batchSize,
      })),
      embeddings: { count: cache.count, bytes: cache.bytes },
    }),
    'engine.load': async ({ pack }) => {
      const { report, segmenter } = await models.segmenter(pack);
      return { provider: report, batchSize: segmenter.batchSize };
    },
  };
}
