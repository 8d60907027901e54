import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { segmenterAlone } from './test/bundled-packs.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Tests leave the user's own packs and caches alone; edited models are made once and kept between runs.
    env: {
      NOVO_HOME: join(import.meta.dirname, 'node_modules', '.cache', 'novo-annotate'),
      NOVO_PACKS: segmenterAlone(),
    },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // The engine is a process of its own that uses all cores: two test files at once are enough.
    maxWorkers: 2,
  },
});
