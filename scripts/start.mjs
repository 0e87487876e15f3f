// npm start: installs, builds and starts what is needed on this machine. Runs on any Node from 18 on.
import path from 'node:path';
import { runToEnd } from './setup/child.mjs';
import { hasDisplay, obtainElectron } from './setup/electron-binary.mjs';
import { needNode } from './setup/node24.mjs';
import { begin, ensureBuilt, root, say, startedFrom } from './setup/ready.mjs';

// Electron's own sandbox refuses to run as root, and rightly so.
function desktopProgram() {
  if (!hasDisplay(process.env, process.platform) || process.getuid?.() === 0) return undefined;
  return obtainElectron(root, needNode(root), say);
}

await begin(async () => {
  await ensureBuilt();
  const args = process.argv.slice(2);
  const electron = desktopProgram();
  const [program, entry] =
    electron === undefined ? [needNode(root), path.join(root, 'out', 'main', 'daemon.js')] : [electron, root];
  process.exitCode = await runToEnd(program, [entry, ...args], { cwd: startedFrom(), signals: 'once' });
});
