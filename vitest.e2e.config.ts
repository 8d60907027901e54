/** @file Tests that drive the real page in Chromium: `npm run test:e2e`. `npm test` needs no browser. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { segmenterAlone } from './test/bundled-packs.ts';

// The user's packs, projects and settings are left alone.
const home = mkdtempSync(join(tmpdir(), 'novo-e2e-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));

export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.ts'],
    globalSetup: ['scripts/e2e-setup.ts'],
    env: { NOVO_HOME: home, NOVO_PACKS: segmenterAlone() },
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // One browser and one engine at a time, so that times mean something.
    maxWorkers: 1,
    fileParallelism: false,
  },
});
