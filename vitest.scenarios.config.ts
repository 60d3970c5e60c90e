import { defineConfig } from 'vitest/config';

/**
 * Whole calls in real time, many at once: one file after the other and nothing beside them, so that what they hear is
 * the server's doing and not the machine's.
 */
export default defineConfig({
  test: {
    include: ['test/scenarios/**/*.test.ts'],
    testTimeout: 150_000,
    hookTimeout: 150_000,
    fileParallelism: false,
  },
});
