// npm run bench [NAME …] [-- --quick]: measurements, each a file of its own in bench/.
import fs from 'node:fs';
import path from 'node:path';
import { runToEnd } from './setup/child.mjs';
import { needNode } from './setup/node24.mjs';
import { provideForBenches } from './setup/needed-packages.mjs';
import { begin, ensureBuilt, root, say } from './setup/ready.mjs';

const folder = path.join(root, 'bench');
const known = (fs.existsSync(folder) ? fs.readdirSync(folder) : [])
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map((name) => name.slice(0, -'.ts'.length))
  .sort();

await begin(async () => {
  const args = process.argv.slice(2);
  const options = args.filter((arg) => arg.startsWith('-'));
  const asked = args.filter((arg) => !arg.startsWith('-'));
  const unknown = asked.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(`No bench is called ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
  }
  if (options.includes('--list')) {
    process.stdout.write(`${known.join('\n')}\n`);
    return;
  }
  await ensureBuilt();
  const failed = [];
  const chosen = asked.length > 0 ? asked : known;
  provideForBenches(root, chosen, say);
  for (const name of chosen) {
    say(`— ${name}`);
    const code = await runToEnd(needNode(root), [path.join(folder, `${name}.ts`), ...options], {
      signals: 'shared',
    });
    if (code !== 0) failed.push(name);
  }
  if (failed.length > 0) throw new Error(`Did not finish: ${failed.join(', ')}.`);
});
