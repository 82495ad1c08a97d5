import { defineConfig } from 'vitest/config'

/** One runner, three projects: `unit` beside the code, `browser` in a real Chromium, `stories` for whole matters (STYLE §6). Real databases need real processes, hence forks. */
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    globals: false,
    passWithNoTests: true,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['proof/src/**/*.test.ts', 'app/src/**/*.test.ts', 'tools/**/*.test.ts'] },
      },
      {
        extends: true,
        test: { name: 'browser', include: ['browser/**/*.test.ts'], testTimeout: 120_000 },
      },
      {
        extends: true,
        test: { name: 'stories', include: ['stories/**/*.test.ts'], testTimeout: 300_000 },
      },
    ],
  },
})
