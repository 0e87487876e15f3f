// npm run dev: everything from source, reloaded when a file changes. See dev-server.ts for the browser's half.
import path from 'node:path';
import { runToEnd } from './setup/child.mjs';
import { findElectron, hasDisplay } from './setup/electron-binary.mjs';
import { needNode, runScript } from './setup/node24.mjs';
import { begin, ensureCompiled, ensureInstalled, root } from './setup/ready.mjs';

await begin(async () => {
  await ensureInstalled();
  await ensureCompiled();
  const args = process.argv.slice(2);
  const desktop = hasDisplay(process.env, process.platform) && findElectron(root) !== undefined;
  if (!desktop) return runScript(root, path.join(root, 'scripts', 'dev-server.ts'), args);
  const tool = path.join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  process.exitCode = await runToEnd(needNode(root), [tool, 'dev', '--watch', '--', ...args], {
    cwd: root,
    signals: 'once',
  });
});
