// npm run holdfast -- VERB …: the command line, built when its sources changed.
import path from 'node:path';
import { runToEnd } from './setup/child.mjs';
import { needNode, runScript } from './setup/node24.mjs';
import { begin, ensureBuilt, root, startedFrom } from './setup/ready.mjs';

await begin(async () => {
  await ensureBuilt();
  process.chdir(startedFrom());
  const args = process.argv.slice(2);
  const script = path.join(root, 'out', 'main', 'cli.js');
  // What stays running must hear one Ctrl-C as one; everything else runs right here, which is quicker.
  if (args.includes('serve')) {
    process.exitCode = await runToEnd(needNode(root), [script, ...args], { signals: 'once' });
  } else {
    await runScript(root, script, args);
  }
});
