// npm run demo:model: a scripted model on loopback, so that a whole session can be seen without a key.
import path from 'node:path';
import { runToEnd } from './setup/child.mjs';
import { needNode } from './setup/node24.mjs';
import { begin, ensureInstalled, root } from './setup/ready.mjs';

await begin(async () => {
  await ensureInstalled();
  const demo = path.join(root, 'e2e', 'stand-in-models', 'demo.ts');
  process.exitCode = await runToEnd(needNode(root), [demo, ...process.argv.slice(2)], { signals: 'shared' });
});
