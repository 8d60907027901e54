/** @file Handlers of model packs, endpoints and settings. */
import type { modelMethods } from '../contract/methods-models.ts';
import { addPack } from '../engine/packs/add.ts';
import { findEntry, readCatalogue } from '../engine/packs/catalogue.ts';
import { downloadPack } from '../engine/packs/download.ts';
import { findPack, listPacks, type PackListing } from '../engine/packs/registry.ts';
import { verifyPack } from '../engine/packs/verify.ts';
import type { Handlers } from './dispatcher.ts';
import { endpointHandlers } from './endpoints.ts';
import { defaultReasoner, listReasoners } from './reasoners.ts';
import type { Services } from './services.ts';
import { settingsHandlers } from './settings.ts';
import { requireTrust } from './trust.ts';

export type ModelHandlers = Pick<Handlers, keyof typeof modelMethods>;

export function modelHandlers(services: Services): ModelHandlers {
  const { env } = services;
  return {
    ...endpointHandlers(services),
    ...settingsHandlers(services),
    'reasoners.list': async () => {
      const reasoners = await listReasoners(services);
      return { reasoners, chosen: await defaultReasoner(services, reasoners) };
    },
    'models.list': async (_, { signal }) => {
      const [packs, catalogue] = await Promise.all([listPacks(env), readCatalogue(env, signal)]);
      return {
        packs: packs.flatMap(listed),
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
    'models.add': async ({ folder, handle, replace }, context) => {
      if (!handle) requireTrust(context, folder);
      const { signal, progress } = context;
      const from = handle ? services.folderOf(folder) : folder;
      const { pack, folder: target } = await addPack(from, { replace, env, signal, onProgress: progress });
      return { id: pack.id, folder: target };
    },
    'models.download': async ({ id, replace }, { signal, progress }) => {
      const entry = await findEntry(id, env, signal);
      const { pack, folder } = await downloadPack(entry, { replace, env, signal, onProgress: progress });
      return { id: pack.id, folder };
    },
  };
}

function listed(entry: PackListing) {
  if (entry.error) return [];
  const { id, title, kind, licence, source, files } = entry.pack;
  const { bundled, folder, state } = entry;
  return [
    {
      ...{ id, title, kind, licence, source, bundled, folder, state },
      size: files.reduce((sum, file) => sum + file.size, 0),
    },
  ];
}
