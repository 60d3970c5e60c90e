import { defineConfig } from 'vitest/config';

/** The integration tests against a real PostgreSQL and Redis, given by DATABASE_URL and REDIS_URL. */
export default defineConfig({
  test: {
    setupFiles: ['test/support/fixed-seed.ts'],
    include: ['test/services/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
