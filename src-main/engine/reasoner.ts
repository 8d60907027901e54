/**
 * @file A query is put to a reasoner: an endpoint's model, or a language model of a `llava-seg` pack that runs here. Which one
 * is said by the kind of the pack.
 */
import type { SegmentInput } from '../contract/api.ts';
import { AppError } from '../contract/errors.ts';
import type { Pack } from '../contract/pack.ts';
import type { ConfidenceSettings } from '../novo/confidence.ts';
import type { Evidence } from '../novo/method.ts';
import type { PromptableSegmenter } from '../novo/segmenter.ts';
import type { ImageCall } from './call.ts';
import { type EmbeddingCache, embeddingKey } from './embedding-cache.ts';
import { reasonWithEndpoint } from './endpoint/reason.ts';
import type { RgbImage } from './image/decode.ts';
import { encodeJpeg } from './image/encode.ts';
import { type LlavaAnswer, reasonWithLlava } from './llava/reason.ts';
import type { OpenReasoner } from './models.ts';
import { findPack } from './packs/registry.ts';
import type { Step } from './protocol.ts';

/** How a reasoner is asked. `key` wins over the variable that an endpoint's pack names. */
export type Asking = {
  readonly signal: AbortSignal;
  readonly onStep: (step: Step) => void;
  readonly key?: string | undefined;
  /** To be called before waiting for another machine. */
  readonly waiting: () => void;
  readonly open: (packId: string) => Promise<OpenReasoner>;
  readonly memory: EmbeddingCache;
};

export type Reasoned = {
  readonly evidence: Evidence;
  readonly answer?: string;
  /** What people should know of how the masks are made. */
  readonly notes?: string[];
  /** The decoder that was trained with the reasoner, bound to the image; the segmenter's own where there is none. */
  readonly segmenter?: PromptableSegmenter;
};

type ReasonerPack = Extract<Pack, { kind: 'endpoint' | 'llava-seg' }>;

/** Throws AppError 'not-found', or 'bad-request' for a pack that cannot answer queries. */
export async function findReasoner(packId: string): Promise<ReasonerPack> {
  const { pack } = await findPack(packId);
  if (pack.kind !== 'segmenter') return pack;
  throw new AppError('bad-request', `The pack "${packId}" cannot answer a query: its kind is ${pack.kind}.`, {
    hint: 'Give the id of a llava-seg or an endpoint pack as --reasoner; "models list" shows what is there.',
  });
}

/** Asks the reasoner of a pack where the things are that the query means. `pixels` decodes the photo. */
export async function askReasoner(
  packId: string,
  query: string,
  call: ImageCall,
  pixels: () => Promise<RgbImage>,
  input: Pick<SegmentInput, 'pack' | 'maskPrompt'>,
  asking: Asking,
): Promise<Reasoned> {
  const pack = await findReasoner(packId);
  return pack.kind === 'endpoint'
    ? askEndpoint(pack, query, await pixels(), asking)
    : askLlava(packId, query, call, pixels, input, asking);
}

async function askEndpoint(
  { endpoint }: Extract<ReasonerPack, { kind: 'endpoint' }>,
  query: string,
  image: RgbImage,
  { signal, onStep, key, waiting }: Asking,
): Promise<Reasoned> {
  waiting();
  const { width, height } = image;
  const encode = async (w: number, h: number) => ({ data: await encodeJpeg(image, w, h), mime: 'image/jpeg' as const });
  const { answer, regions } = await reasonWithEndpoint(endpoint, { width, height, encode }, query, {
    signal,
    onTrace: onStep,
    ...(key === undefined ? {} : { key }),
  });
  return { evidence: { kind: 'regions', regions }, answer };
}

async function askLlava(
  packId: string,
  query: string,
  call: ImageCall,
  pixels: () => Promise<RgbImage>,
  input: Pick<SegmentInput, 'pack' | 'maskPrompt'>,
  { signal, onStep, open, memory }: Asking,
): Promise<Reasoned> {
  const { model, decoder } = await open(packId);
  signal.throwIfAborted();
  const own = decoder?.segmenter === input.pack ? decoder : null;
  if (!own && !call.takesMaskPrompt) {
    throw new AppError(
      'bad-request',
      `The segmenter "${input.pack}" takes no mask prompt, so it cannot use the similarity map of "${packId}".`,
      { hint: 'Choose another segmenter with --pack, or a reasoner that gives boxes.' },
    );
  }
  const { embedding, hash } = call.encoded;
  const photo = { key: embeddingKey(hash, packId), frame: embedding.frame, pixels };
  const said = await reasonWithLlava(model, photo, query, { signal, meter: call.meter, memory, onStep });
  const { maskPrompt, points, confidence } = model.spec;
  const told = input.maskPrompt && { ...input.maskPrompt, level: null };
  const notes = decoder && !own ? [otherDecoder(packId, decoder.segmenter, input.pack)] : [];
  for (const text of notes) onStep({ kind: 'note', text });
  return {
    evidence: evidenceOf(said.maps, { ...maskPrompt, ...points, ...told }, confidence),
    answer: said.answer,
    ...(notes.length > 0 ? { notes } : {}),
    ...(own ? { segmenter: call.withDecoder(own.session, own.spec) } : {}),
  };
}

function otherDecoder(packId: string, trainedFor: string, used: string): string {
  return `The masks are made by the mask decoder of "${used}": the one that was trained with "${packId}" is for "${trainedFor}". Choose that segmenter for the results that the model was trained to give.`;
}

type Settings = Extract<Evidence, { kind: 'activation' }>['settings'] & {};

/** No <SEG> means that the model sees no target. */
function evidenceOf(found: LlavaAnswer['maps'], settings: Settings, confidence: ConfidenceSettings): Evidence {
  const maps = found.map(({ activation, label, probability }) => {
    return { activation, label, sureness: { segProbability: probability, settings: confidence } };
  });
  const [first, second] = maps;
  if (!first) return { kind: 'regions', regions: [] };
  if (!second) return { kind: 'activation', activation: first.activation, sureness: first.sureness, settings };
  return { kind: 'activations', maps, settings };
}
