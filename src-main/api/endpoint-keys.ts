/** @file Keys of endpoints: in the keychain under the endpoint's id, or in the environment variable that it names. */
import type { EndpointSpec } from '../contract/pack.ts';
import type { Services } from './services.ts';

/** The key that is kept for an endpoint. */
export function reasonerKey({ keychain }: Services, id: string | undefined): string | undefined {
  if (id === undefined || keychain.unavailable !== null) return undefined;
  return keychain.get(id) ?? undefined;
}

/** The key from the environment. */
export function variableKey({ env }: Services, { keyVariable }: EndpointSpec): string | undefined {
  return (keyVariable === undefined ? undefined : env[keyVariable]?.trim()) || undefined;
}

/** Where the key of an endpoint comes from, and whether it is there where one is needed. */
export function keyState(services: Services, id: string, spec: EndpointSpec) {
  if (reasonerKey(services, id) !== undefined) return { key: 'keychain', ready: true } as const;
  if (spec.keyVariable === undefined) return { key: 'none', ready: true } as const;
  return { key: 'environment', ready: variableKey(services, spec) !== undefined } as const;
}
