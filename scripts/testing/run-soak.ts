// The tests that know two counts, with the long ones: those that ask test-counts.ts, and *.soak.test.ts.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { runToEnd } from '../setup/child.mjs';
import { listFiles } from '../setup/stamp.mjs';

const root = path.resolve(import.meta.dirname, '..', '..');
const asks = (file: string) =>
  file.endsWith('.soak.test.ts') ||
  (/\.test\.tsx?$/.test(file) && readFileSync(path.join(root, file), 'utf8').includes('/test-counts.ts'));
const filters = process.argv.slice(2);
const files = listFiles(root, ['electron', 'shared', 'renderer', 'e2e', 'bench'], asks).filter(
  (file) => filters.length === 0 || filters.some((each) => file.includes(each)),
);

if (files.length === 0) {
  console.error('No test with a long count matches.');
  process.exitCode = 1;
} else {
  const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
  process.exitCode = await runToEnd(process.execPath, [vitest, 'run', ...files], {
    cwd: root,
    env: { ...process.env, HOLDFAST_SOAK: '1' },
    signals: 'shared',
  });
}
