/**
 * @file What tests take for the packs that come with the application: the segmenter alone. Which language models are
 * bundled is for people to decide; a test that needs one, or none, says so.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** A folder for NOVO_PACKS, kept between runs. */
export function segmenterAlone(): string {
  const packs = join(root, 'node_modules', '.cache', 'novo-annotate', 'bundled');
  const folder = join(packs, 'mobile-sam');
  mkdirSync(folder, { recursive: true });
  const text = readFileSync(join(root, 'resources', 'packs', 'mobile-sam', 'pack.json'), 'utf8');
  const file = join(folder, 'pack.json');
  // Not rewritten as it is: other runs may be reading it.
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
  return packs;
}
