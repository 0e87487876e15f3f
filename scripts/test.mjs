// npm test [-- SUITE …]: sets up what the suites need and runs them. See testing/run-tests.ts.
import path from 'node:path';
import { runScript } from './setup/node24.mjs';
import { begin, ensureCompiled, ensureInstalled, root } from './setup/ready.mjs';

await begin(async () => {
  await ensureInstalled();
  await ensureCompiled();
  await runScript(root, path.join(root, 'scripts', 'testing', 'run-tests.ts'), process.argv.slice(2));
});
