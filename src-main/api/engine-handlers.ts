/** @file Handlers of what the inference process does: they say which file is meant, and pass the call on. */
import type { Output, Parsed } from '../contract/api.ts';
import type { engineMethods } from '../contract/methods-engine.ts';
import type { EngineMethod, Local } from '../engine/protocol.ts';
import type { CallContext, Handlers } from './dispatcher.ts';
import { reasonerKey } from './endpoint-keys.ts';
import { fileOfImage } from './images-files.ts';
import { forSession } from './project-session.ts';
import { defaultReasoner } from './reasoners.ts';
import type { Services } from './services.ts';
import { requireTrust } from './trust.ts';

export type EngineHandlers = Pick<Handlers, keyof typeof engineMethods>;

export function engineHandlers(services: Services): EngineHandlers {
  const forward =
    <M extends EngineMethod>(method: M) =>
    async (input: Parsed<M>, context: CallContext<M>): Promise<Output<M>> => {
      const { signal, lane, progress: onProgress } = context;
      if ('file' in input) requireTrust(context, input.file);
      const local =
        'image' in input ? { ...input, image: { path: await fileOfImage(services, input.image, context) } } : input;
      const key = 'reasoner' in input ? reasonerKey(services, input.reasoner) : undefined;
      const options = { signal, onProgress, lane, reasonerKey: key };
      return services.engine.call(method, local as unknown as Local<Parsed<M>>, options);
    };
  /** Work on an image ends with the project. */
  const onImage = <M extends EngineMethod>(method: M) => forSession(services, forward(method));
  return {
    'image.encode': onImage('image.encode'),
    'segment.query': forSession(
      services,
      async (input: Parsed<'segment.query'>, context: CallContext<'segment.query'>) =>
        forward('segment.query')(await withReasoner(services, input), context),
    ),
    'segment.click': onImage('segment.click'),
    'mask.edit': forward('mask.edit'),
    'overlay.write': onImage('overlay.write'),
    'engine.status': forward('engine.status'),
    'engine.load': forward('engine.load'),
  };
}

/** A query that brings no evidence and names no reasoner goes to the default one. */
async function withReasoner(services: Services, input: Parsed<'segment.query'>): Promise<Parsed<'segment.query'>> {
  const { query, reasoner, activation, points = [], boxes = [] } = input;
  if (!query || reasoner !== undefined || activation || points.length > 0 || boxes.length > 0) return input;
  const chosen = await defaultReasoner(services);
  return chosen === null ? input : { ...input, reasoner: chosen };
}
