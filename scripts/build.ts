/**
 * @file Builds what a host shows, when it is missing or older than its sources. A hash of the sources tells, because
 * the times of files say nothing after a checkout.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');
const pageSources = ['src-renderer', 'src-main/contract', 'resources/icon.svg', 'vite.config.ts', 'package-lock.json'];

/** What can be built: its sources, a file that shows that it was built, and how. */
const targets = {
  page: {
    sources: pageSources,
    built: 'out/renderer/index.html',
    build: async () => {
      const { build } = await import('vite');
      await build({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn' });
    },
  },
  desktop: {
    sources: [...pageSources, 'src-main', 'electron.vite.config.ts'],
    built: 'out/main/main.js',
    build: async () => {
      const { build } = await import('electron-vite');
      await build({ root, logLevel: 'warn' });
    },
  },
} as const;

/** Builds it if need be. Errors: what Vite says, with the file and the line. */
export async function ensureBuilt(target: keyof typeof targets, { force = false } = {}): Promise<void> {
  const { sources, built, build } = targets[target];
  const stamp = join(root, 'out', `${target}.sha256`);
  const hash = hashOf(sources);
  const known = existsSync(stamp) && existsSync(join(root, built)) ? readFileSync(stamp, 'utf8') : '';
  if (known === hash && !force) return;
  console.error(`Building the ${target} ...`);
  await asShipped(build);
  writeFileSync(stamp, hash);
}

/** Test runners set NODE_ENV, and a page built under another one than production has React's slow, talkative half in it. */
async function asShipped(build: () => Promise<void>): Promise<void> {
  const { NODE_ENV } = process.env;
  process.env['NODE_ENV'] = 'production';
  try {
    await build();
  } finally {
    if (NODE_ENV === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = NODE_ENV;
  }
}

/** Of the names and contents of all files at these paths. */
function hashOf(sources: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of sources.flatMap(filesAt)) {
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

function filesAt(path: string): string[] {
  const entries = path.includes('.') ? null : readdirSync(join(root, path), { recursive: true, withFileTypes: true });
  if (!entries) return [join(root, path)];
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => join(entry.parentPath, entry.name)).sort();
}
