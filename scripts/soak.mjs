// npm run soak [-- FILTER …]: the long counts of the tests that have a short and a long one.
import path from 'node:path';
import { runScript } from './setup/node24.mjs';
import { begin, ensureBuilt, root } from './setup/ready.mjs';

await begin(async () => {
  await ensureBuilt();
  await runScript(root, path.join(root, 'scripts', 'testing', 'run-soak.ts'), process.argv.slice(2));
});
