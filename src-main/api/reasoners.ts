/** @file What a query can be put to: language models that run here, and endpoints. */
import { chosenReasoner } from '../contract/chosen-reasoner.ts';
import type { Reasoner } from '../contract/methods-models.ts';
import { listPacks } from '../engine/packs/registry.ts';
import { getSetting } from '../store/settings.ts';
import { keyState } from './endpoint-keys.ts';
import type { Services } from './services.ts';

/** The ready ones first, and of those the models that run here: they need no server. */
export async function listReasoners(services: Services): Promise<Reasoner[]> {
  const reasoners = (await listPacks(services.env)).flatMap((listing): Reasoner[] => {
    if (listing.error || listing.pack.kind === 'segmenter') return [];
    const { id, title, kind } = listing.pack;
    if (listing.pack.kind === 'llava-seg') {
      const { domain, confidence } = listing.pack.llava;
      const { doubtfulBelow } = confidence;
      return [{ id, title, kind, ready: listing.state !== 'damaged', domain, doubtfulBelow }];
    }
    return [{ id, title, kind, ready: keyState(services, id, listing.pack.endpoint).ready }];
  });
  const rank = ({ ready, kind }: Reasoner) => (ready ? 0 : 2) + (kind === 'endpoint' ? 1 : 0);
  return reasoners.sort((a, b) => rank(a) - rank(b));
}

/** Id of the reasoner that a query goes to which names none; null where none is ready. */
export async function defaultReasoner(services: Services, reasoners?: readonly Reasoner[]): Promise<string | null> {
  const listed = reasoners ?? (await listReasoners(services));
  return chosenReasoner(listed, getSetting(services.keeper, 'reasoner'))?.id ?? null;
}
