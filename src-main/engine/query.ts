/** @file segment.query: evidence from the request or from a reasoner, then the method. */
import type { Output, SegmentInput } from '../contract/api.ts';
import { AppError } from '../contract/errors.ts';
import { runMethod } from '../novo/method.ts';
import type { ImageCall } from './call.ts';
import { givenEvidence, noReasoner } from './evidence.ts';
import { decodeImage } from './image/decode.ts';
import type { Local } from './protocol.ts';
import { type Asking, askReasoner, type Reasoned } from './reasoner.ts';

export async function answerQuery(
  input: Local<SegmentInput>,
  call: ImageCall,
  asking: Asking,
): Promise<Output<'segment.query'>> {
  const { frame } = call.encoded.embedding;
  const start = performance.now();
  const reasoned = await reason(input, call, asking);
  const reason_ms = performance.now() - start;
  const { segmentMs, refineMs, ...masks } = await runMethod(
    reasoned.evidence,
    frame,
    reasoned.segmenter ?? call.segmenter,
    input,
  );
  return {
    width: frame.width,
    height: frame.height,
    ...masks,
    ...(reasoned.reasoner === undefined ? {} : { reasoner: reasoned.reasoner }),
    ...(reasoned.answer === undefined ? {} : { answer: reasoned.answer }),
    ...(reasoned.notes === undefined ? {} : { notes: reasoned.notes }),
    timing: call.timing({ reason_ms, segment_ms: segmentMs, refine_ms: refineMs }),
  };
}

async function reason(
  input: Local<SegmentInput>,
  call: ImageCall,
  asking: Asking,
): Promise<Reasoned & { readonly reasoner?: string }> {
  const given = givenEvidence(input, call.encoded.embedding.frame);
  if (given?.kind === 'activation' && !call.takesMaskPrompt) {
    throw new AppError(
      'bad-request',
      `The segmenter "${input.pack}" takes no mask prompt, so it cannot use a similarity map.`,
      {
        hint: 'Choose another one with --pack, or give points and boxes.',
      },
    );
  }
  if (given) return { evidence: given };
  if (!input.reasoner || !input.query) throw noReasoner(input.query);
  const pixels = async () => call.pixels ?? decodeImage(input.image.path);
  const { reasoner } = input;
  return { reasoner, ...(await askReasoner(reasoner, input.query, call, pixels, input, asking)) };
}
