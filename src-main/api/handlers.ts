/** @file One handler a method. Work on images goes to the engine; packs are files and are handled here. */
import type { Output, Parsed } from '../contract/api.ts';
import { AppError } from '../contract/errors.ts';
import { endpointSchema } from '../contract/pack.ts';
import { testEndpoint } from '../engine/endpoint/test-endpoint.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import { addPack } from '../engine/packs/add.ts';
import { findEntry, readCatalogue } from '../engine/packs/catalogue.ts';
import { downloadPack } from '../engine/packs/download.ts';
import type { Environment } from '../engine/packs/folders.ts';
import { findPack, listPacks } from '../engine/packs/registry.ts';
import { verifyPack } from '../engine/packs/verify.ts';
import type { EngineMethod, Local } from '../engine/protocol.ts';
import type { CallContext, Handlers } from './dispatcher.ts';

/** Paths are for hosts that run on the user's behalf: what a page names is never opened, and never written. */
function requireTrust(context: { readonly trusted: boolean }, what: string, deed = 'name files by path'): void {
  if (context.trusted) return;
  throw new AppError('forbidden', `This caller may not ${deed} (${what.slice(0, 100)}).`);
}

export function createHandlers(engine: EngineClient, env: Environment): Handlers {
  const forward =
    <M extends EngineMethod>(method: M) =>
    (input: Parsed<M>, context: CallContext<M>): Promise<Output<M>> => {
      if ('image' in input) {
        if (!('path' in input.image)) throw new AppError('not-found', 'No project is open.');
        requireTrust(context, input.image.path);
      }
      return engine.call(method, input as Local<Parsed<M>>, {
        signal: context.signal,
        onProgress: context.progress,
        lane: context.lane,
      });
    };

  return {
    'image.encode': forward('image.encode'),
    'segment.query': forward('segment.query'),
    'segment.click': forward('segment.click'),
    'mask.edit': forward('mask.edit'),
    'overlay.write': forward('overlay.write'),
    'engine.status': forward('engine.status'),
    'engine.load': forward('engine.load'),

    'models.list': async (_, { signal }) => {
      const [packs, catalogue] = await Promise.all([listPacks(env), readCatalogue(env, signal)]);
      return {
        packs: packs.flatMap((entry) => {
          if (entry.error) return [];
          const { id, title, kind, licence, source, files } = entry.pack;
          const size = files.reduce((sum, file) => sum + file.size, 0);
          return [
            {
              id,
              title,
              kind,
              licence,
              source,
              size,
              bundled: entry.bundled,
              folder: entry.folder,
              state: entry.state,
            },
          ];
        }),
        broken: packs.flatMap((entry) => (entry.error ? [{ folder: entry.folder, message: entry.error.message }] : [])),
        offered: catalogue.entries.map(({ id, title, licence, bytes }) => ({ id, title, licence, bytes })),
        problems: catalogue.problems.map(({ message }) => message),
      };
    },
    'models.verify': async ({ id }, { signal, progress }) => {
      const installed = await findPack(id, env);
      await verifyPack(installed, { env, signal, onProgress: progress, fresh: true });
      return { id, bytes: installed.pack.files.reduce((sum, file) => sum + file.size, 0) };
    },
    'models.add': async ({ folder, replace }, context) => {
      requireTrust(context, folder);
      const { signal, progress } = context;
      const { pack, folder: target } = await addPack(folder, { replace, env, signal, onProgress: progress });
      return { id: pack.id, folder: target };
    },
    'models.download': async ({ id, replace }, { signal, progress }) => {
      const entry = await findEntry(id, env, signal);
      const { pack, folder } = await downloadPack(entry, { replace, env, signal, onProgress: progress });
      return { id: pack.id, folder };
    },
    'endpoint.test': async ({ endpoint }, context) => {
      const { signal } = context;
      // An endpoint that is not a pack yet names an address and an environment variable: a page may not choose those.
      if (typeof endpoint !== 'string') requireTrust(context, endpoint.baseUrl, 'try an endpoint by its address');
      const spec = typeof endpoint === 'string' ? await endpointOf(endpoint, env) : endpointSchema.parse(endpoint);
      const { url, model, listed, answer, milliseconds } = await testEndpoint(spec, { signal });
      return { url, model, listed, answer, ms: milliseconds };
    },
  } as Partial<Handlers> as Handlers;
}

async function endpointOf(id: string, env: Environment) {
  const { pack } = await findPack(id, env);
  if (pack.kind === 'endpoint') return pack.endpoint;
  throw new AppError('bad-request', `The pack "${id}" is no endpoint: its kind is ${pack.kind}.`);
}
