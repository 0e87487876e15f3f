import { configDefaults, defineConfig } from 'vitest/config';
import { steadyThreads } from './electron/base/steady-threads.ts';

const soaking = process.env['HOLDFAST_SOAK'] === '1';

export default defineConfig({
  test: {
    include: ['{electron,shared,renderer,scripts,bench,e2e}/**/*.test.{ts,tsx}'],
    exclude: [...configDefaults.exclude, ...(soaking ? [] : ['**/*.soak.test.ts'])],
    environment: 'node',
    // Real processes, native modules and signals: each file gets a process of its own.
    pool: 'forks',
    maxWorkers: 2,
    execArgv: steadyThreads,
    // Bounds for what hangs, not measurements: the machine may be busy.
    testTimeout: soaking ? 60 * 60_000 : 30_000,
    hookTimeout: soaking ? 10 * 60_000 : 60_000,
    passWithNoTests: false,
  },
});
