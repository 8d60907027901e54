/** @file Tests that drive the real page in Chromium: `npm run test:e2e`. `npm test` needs no browser. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.ts'],
    globalSetup: ['scripts/e2e-setup.ts'],
    // The user's packs, projects and settings are left alone.
    env: { NOVO_HOME: mkdtempSync(join(tmpdir(), 'novo-e2e-')) },
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // One browser and one engine at a time, so that times mean something.
    maxWorkers: 1,
    fileParallelism: false,
  },
});
