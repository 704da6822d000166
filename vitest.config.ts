// The three kinds of tests: unit (pure), integration (real embedded stores), and e2e (the built product in Chromium).
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    environment: 'node',
    // Two cores: a worker each. The stores of the integration tests are processes of their own beside them.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'src/**/*.test.ts',
            'tracker/**/*.test.ts',
            'sandbox/**/*.test.ts',
            'web/**/*.test.{ts,tsx}',
          ],
          exclude: ['**/*.db.test.ts'],
          // Quick on a machine of its own; on a busy one the generative model's tests need their time.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['src/**/*.db.test.ts', 'test/**/*.db.test.ts'],
          globalSetup: ['test/stores.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.e2e.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // One browser and one product at a time: what is timed here is what a person waits for.
          fileParallelism: false,
        },
      },
    ],
  },
})
