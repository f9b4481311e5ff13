import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{spec,engines,generator,analyzer,regression,cli,test}/**/*.test.ts'],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // Two cores are the common case; engine tests start tshark processes of their own.
    maxWorkers: 2,
  },
});
