/** @file What every call on an image shares: the open model, the embedding, a decoder that counts, the timing. */
import { AppError } from '../contract/errors.ts';
import type { LlavaSpec, SegmenterSpec } from '../contract/pack.ts';
import type { Timing } from '../contract/segmentation.ts';
import type { Decode, PromptableSegmenter } from '../novo/segmenter.ts';
import type { RgbImage } from './image/decode.ts';
import type { Encoded, Images } from './images.ts';
import type { OpenSegmenter } from './models.ts';
import type { Meter, OnnxSession } from './onnx-session.ts';
import { decoderOf } from './segmenter.ts';

export type ImageCall = {
  readonly encoded: Encoded;
  /** The decoder bound to the image; `calls` counts its prompts. */
  readonly segmenter: PromptableSegmenter & { readonly calls: number };
  readonly takesMaskPrompt: boolean;
  /** The same image under another decoder, which takes the same embeddings; its prompts are counted too. */
  withDecoder(session: OnnxSession, spec: NonNullable<LlavaSpec['decoder']>): PromptableSegmenter;
  /** Time inside session runs, for what else runs for this call. */
  readonly meter: Meter;
  /** The photo where it had to be decoded for this call; undefined where its embedding was cached. */
  readonly pixels: RgbImage | undefined;
  /** Timing from the start of the call until now. */
  timing(parts: Partial<Timing>): Timing;
};

export async function startCall(
  path: string,
  model: OpenSegmenter,
  images: Images,
  signal: AbortSignal,
): Promise<ImageCall> {
  const start = performance.now();
  const meter: Meter = { onnxMs: 0, runs: 0 };
  const { encoded, pixels } = await images.encode(path, model, meter);
  signal.throwIfAborted();
  let calls = 0;
  const counted =
    (decode: Decode): Decode =>
    (prompts) => {
      calls += prompts.length;
      return decode(prompts);
    };
  const { spec } = model.segmenter;
  return {
    encoded,
    pixels,
    takesMaskPrompt: spec.decoder.inputs.maskInput !== null,
    meter,
    withDecoder: (session, decoder) => {
      checkEmbeddings(decoder, encoded, model.id);
      const bound = decoderOf(session, { ...spec, decoder }, 1)(encoded.embedding, meter, signal);
      const { thresholds, outputs } = decoder;
      return { decode: counted(bound), singleToken: outputs.singleToken, ...(thresholds ? { thresholds } : {}) };
    },
    segmenter: {
      decode: counted(model.segmenter.decoder(encoded.embedding, meter, signal)),
      singleToken: spec.decoder.outputs.singleToken,
      get calls() {
        return calls;
      },
    },
    timing: (parts) => ({
      decode_ms: encoded.decodeMs,
      encode_ms: encoded.encodeMs,
      reason_ms: 0,
      segment_ms: 0,
      refine_ms: 0,
      ...parts,
      total_ms: performance.now() - start,
      onnx_ms: meter.onnxMs,
      decoder_calls: calls,
    }),
  };
}

function checkEmbeddings({ inputs, file }: SegmenterSpec['decoder'], { embedding }: Encoded, packId: string): void {
  const missing = Object.values(inputs.embeddings).filter((name) => !(name in embedding.tensors));
  if (missing.length === 0) return;
  throw new AppError('bad-pack', `The decoder ${file} was made for other image embeddings than those of "${packId}".`, {
    hint: `It asks for ${missing.join(', ')}; there are ${Object.keys(embedding.tensors).join(', ')}.`,
  });
}
