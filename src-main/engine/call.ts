/** @file What every call on an image shares: the open model, the embedding, a decoder that counts, the timing. */
import type { Timing } from '../contract/segmentation.ts';
import type { Decode, PromptableSegmenter } from '../novo/segmenter.ts';
import type { RgbImage } from './image/decode.ts';
import type { Encoded, Images } from './images.ts';
import type { OpenSegmenter } from './models.ts';
import type { Meter } from './onnx-session.ts';

export type ImageCall = {
  readonly encoded: Encoded;
  /** The decoder bound to the image; `calls` counts its prompts. */
  readonly segmenter: PromptableSegmenter & { readonly calls: number };
  readonly takesMaskPrompt: boolean;
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
  const decode = model.segmenter.decoder(encoded.embedding, meter, signal);
  let calls = 0;
  const counted: Decode = (prompts) => {
    calls += prompts.length;
    return decode(prompts);
  };
  return {
    encoded,
    pixels,
    takesMaskPrompt: model.segmenter.spec.decoder.inputs.maskInput !== null,
    segmenter: {
      decode: counted,
      singleToken: model.segmenter.spec.decoder.outputs.singleToken,
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
