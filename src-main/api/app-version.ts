/** @file The version of this application, from its package.json. */
import { readFileSync } from 'node:fs';

/** 'unknown' where the file is not two folders above, as in a bundle of another layout. */
export function appVersion(): string {
  try {
    const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    return String((manifest as { version?: unknown }).version ?? 'unknown');
  } catch {
    return 'unknown';
  }
}
