import { defineConfig } from 'vitest/config';

/** Only what hangs takes so long; a machine ten times slower does not. */
const patienceMs = 300_000;

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    environment: 'node',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: patienceMs,
    hookTimeout: 2 * patienceMs,
    expect: { poll: { timeout: patienceMs } },
  },
});
