/**
 * @file Handlers of endpoints: chat models that a query can be put to. The pack says where and how; the key is kept
 * apart, in the keychain, and is never told to a page.
 */
import type { Parsed } from '../contract/api.ts';
import { AppError } from '../contract/errors.ts';
import type { EndpointState } from '../contract/methods-models.ts';
import type { EndpointPack, EndpointSpec } from '../contract/pack.ts';
import { testEndpoint } from '../engine/endpoint/test-endpoint.ts';
import { findPack, listPacks } from '../engine/packs/registry.ts';
import { ownPack, removePack, writePack } from '../engine/packs/write.ts';
import { getSetting } from '../store/settings.ts';
import { defined } from './defined.ts';
import type { Handlers } from './dispatcher.ts';
import { keyState, reasonerKey, variableKey } from './endpoint-keys.ts';
import type { Services } from './services.ts';
import { writeSettings } from './settings.ts';
import { requireTrust } from './trust.ts';

type EndpointMethod = 'endpoint.test' | `endpoints.${'list' | 'save' | 'remove'}`;

export function endpointHandlers(services: Services): Pick<Handlers, EndpointMethod> {
  const { env, keychain, keeper } = services;
  return {
    'endpoints.list': async () => ({
      endpoints: (await endpointPacks(services)).map(({ pack, bundled }) => stateOf(services, pack, bundled)),
      keychain: { available: keychain.unavailable === null, reason: keychain.unavailable },
    }),
    'endpoints.save': (input, { trusted }) => save(services, input, trusted),
    'endpoints.remove': async ({ id }) => {
      await removePack(id, 'endpoint', env);
      if (reasonerKey(services, id) !== undefined) keychain.set(id, null);
      if (getSetting(keeper, 'reasoner') === id) writeSettings(services, { reasoner: null });
      return {};
    },
    'endpoint.test': async ({ endpoint }, context) => {
      // An endpoint that is not a pack yet names an address and an environment variable: a page may not choose those.
      if (typeof endpoint !== 'string') requireTrust(context, endpoint.baseUrl, 'try an endpoint by its address');
      const spec = typeof endpoint === 'string' ? await endpointOf(services, endpoint) : endpoint;
      const kept = typeof endpoint === 'string' ? reasonerKey(services, endpoint) : undefined;
      const options = defined({ signal: context.signal, key: kept ?? variableKey(services, spec) });
      const { url, model, listed, answer, milliseconds } = await testEndpoint(spec, options);
      return { url, model, listed, answer, ms: milliseconds };
    },
  };
}

async function endpointPacks({ env }: Services): Promise<{ pack: EndpointPack; bundled: boolean }[]> {
  return (await listPacks(env)).flatMap((listing) =>
    !listing.error && listing.pack.kind === 'endpoint' ? [{ pack: listing.pack, bundled: listing.bundled }] : [],
  );
}

async function endpointOf({ env }: Services, id: string): Promise<EndpointSpec> {
  const { pack } = await findPack(id, env);
  if (pack.kind === 'endpoint') return pack.endpoint;
  throw new AppError('bad-request', `The pack "${id}" is no endpoint: its kind is ${pack.kind}.`);
}

const stateOf = (services: Services, { id, title, endpoint }: EndpointPack, bundled: boolean): EndpointState => ({
  ...{ id, title, endpoint, bundled },
  ...keyState(services, id, endpoint),
});

async function save(
  services: Services,
  { id, title, endpoint, key: given }: Parsed<'endpoints.save'>,
  trusted: boolean,
): Promise<EndpointState> {
  const { env, keychain } = services;
  const key = given?.trim();
  if (key !== undefined) checkKey(key, keychain.unavailable);
  checkAddress(endpoint.baseUrl);
  const known = await ownPack(id, 'endpoint', env);
  const before = known?.pack.endpoint;
  const sameServer = before !== undefined && new URL(before.baseUrl).origin === new URL(endpoint.baseUrl).origin;
  if (!trusted && !(sameServer && before.keyVariable === endpoint.keyVariable)) checkVariable(endpoint.keyVariable);
  // The old key goes before the new address is there: at no moment can it be sent to a server that it is not for.
  if (!sameServer && reasonerKey(services, id) !== undefined) keychain.set(id, null);
  const licence = known?.pack.licence ?? 'That of the model; ask who runs the server';
  const source = sameServer ? known!.pack.source : endpoint.baseUrl;
  const pack: EndpointPack = { schema: 1, id, title, licence, source, files: [], kind: 'endpoint', endpoint };
  await writePack(pack, env);
  if (key !== undefined) keychain.set(id, key);
  else if (given === null && keychain.unavailable === null) keychain.set(id, null);
  return stateOf(services, pack, false);
}

function checkKey(key: string, unavailable: string | null): void {
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new AppError('bad-request', 'The key is empty, or holds a space or a character that no request can carry.', {
      hint: 'Paste the key again, without anything around it.',
    });
  }
  if (unavailable === null) return;
  throw new AppError('bad-request', `Keys cannot be kept here: ${unavailable}`, {
    hint: 'Put the key in an environment variable before the application is started, and give its name.',
  });
}

function checkAddress(baseUrl: string): void {
  const { username, password } = new URL(baseUrl);
  if (username === '' && password === '') return;
  throw new AppError('bad-request', 'The address holds a user name or a password.', {
    hint: 'Leave them out of the address: it is written to a file. A key has a field of its own.',
  });
}

/** A page may have a key sent, but not whatever else lies in the environment. */
function checkVariable(name: string | undefined): void {
  if (name === undefined || /^\w*API_(KEY|TOKEN)$/.test(name)) return;
  throw new AppError('forbidden', `The variable ${name.slice(0, 100)} cannot be named here.`, {
    hint: 'Name one that ends in API_KEY or API_TOKEN, or add the pack with "models add".',
  });
}
