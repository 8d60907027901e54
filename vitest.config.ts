import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // The engine is a process of its own that uses all cores: two test files at once are enough.
    maxWorkers: 2,
  },
});
