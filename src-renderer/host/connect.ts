/** @file Finds out which host this page runs in, and connects to it. The only place that asks. */
import { type Desktop, electronHost } from './electron.ts';
import type { Host } from './host.ts';
import { webHost } from './web.ts';

/** At once: calls wait until the connection stands, and fail with what is wrong with it. */
export function connect(): Host {
  const { novo } = globalThis as { novo?: Desktop };
  if (novo) return electronHost(novo);
  addEventListener('hashchange', takeNewToken);
  return webHost({ url: location.origin, token: takeToken() });
}

/** The new address of a host that was started again, opened in this tab: only its "#" differs, so nothing is loaded. */
function takeNewToken(): void {
  if (!new URLSearchParams(location.hash.slice(1)).has('token')) return;
  takeToken();
  location.reload();
}

/** From the address, once, out of sight; kept for as long as the tab lives, so that a reload needs no address. */
function takeToken(): string | null {
  const key = 'novo-token';
  const found = new URLSearchParams(location.hash.slice(1)).get('token');
  try {
    if (found === null) return sessionStorage.getItem(key);
    history.replaceState(null, '', location.pathname + location.search);
    sessionStorage.setItem(key, found);
  } catch {
    // A browser that keeps nothing: the page works until it is loaded again.
  }
  return found;
}
