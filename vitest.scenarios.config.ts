import { defineConfig } from 'vitest/config';

/**
 * Whole calls in real time, many at once, and no other tests beside them: what they hear is to be the server's doing,
 * not the machine's.
 */
export default defineConfig({
  test: {
    setupFiles: ['test/support/fixed-seed.ts'],
    include: ['test/scenarios/**/*.test.ts'],
    testTimeout: 150_000,
    hookTimeout: 150_000,
    maxWorkers: 2,
  },
});
