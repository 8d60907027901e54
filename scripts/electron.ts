/** @file Electron's binary: where it is, fetching it, running it. The package does not bring it along. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'node_modules', 'electron');

/** A hundred megabytes in this time need 5 Mbit/s; who has less is better served by the browser than by waiting. */
const fetchLimitMs = 180_000;

/** The binary, or null where it has not been fetched. */
export function electronBinary(): string | null {
  const named = join(folder, 'path.txt');
  const dist = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist');
  const name = existsSync(named)
    ? readFileSync(named, 'utf8')
    : process.platform === 'win32'
      ? 'electron.exe'
      : 'electron';
  const file = join(dist, name);
  return existsSync(file) ? file : null;
}

/** Fetches the binary with the package's own script, which checks its hash. Null when it is there, else what failed. */
export function fetchElectron(): Promise<string | null> {
  console.error('Fetching Electron, once (about 110 MB) ...');
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(folder, 'install.js')], {
      // Through a proxy where the environment names one.
      env: { ...process.env, NODE_USE_ENV_PROXY: '1' },
      stdio: ['ignore', 2, 'pipe'],
      timeout: fetchLimitMs,
    });
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.on('error', (error) => resolve(`Electron could not be fetched (${error.message})`));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(null);
      else if (signal) resolve(`Electron could not be fetched within ${fetchLimitMs / 60_000} minutes`);
      else resolve(`Electron could not be fetched (${reason(said) ?? `code ${code}`})`);
    });
  });
}

/** Of the first error in what the script said; undici's own words for no network say nothing. */
function reason(said: string): string | undefined {
  return /^\w*Error: (.*)$/m.exec(said)?.[1]?.replace(/^fetch failed$/, 'no connection to its server');
}

export type Ended = { readonly code: number; readonly ms: number };

/** Runs the built desktop host until it ends. */
export function runElectron(binary: string, args: readonly string[]): Promise<Ended> {
  // Set by terminals of editors that are Electron themselves; it would make a plain Node of ours.
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  const start = performance.now();
  return new Promise((resolve) => {
    const ended = (code: number) => resolve({ code, ms: performance.now() - start });
    const child = spawn(binary, [root, ...args], { env, stdio: 'inherit' });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
    child.on('error', () => ended(1));
    child.on('exit', (code, signal) => ended(signal ? 1 : (code ?? 1)));
  });
}
