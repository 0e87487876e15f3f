import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type ModelStandInOptions, startModelStandIn } from '../../../e2e/stand-in-models/stand-in.ts';
import { holdfast, startDaemon, testFolder } from './launch.ts';

const declaration = [
  'name: helper',
  'model: mine/small',
  'system_prompt: Help.',
  'tools: [file_read, file_write, exec]',
  'capabilities:',
  '  - file_read: $folder/*',
  '  - file_write: $folder/*',
  "  - exec: '*'",
  'approvals: actions',
  '',
].join('\n');

/** A house with a model that answers by a script, an agent, and a folder to work in. */
export async function houseWithAgent(options: ModelStandInOptions) {
  const server = await startModelStandIn(options);
  onTestFinished(() => server.close());
  const folder = testFolder();
  const daemon = await startDaemon({ folder });
  const work = testFolder();
  chmodSync(work, 0o777);
  writeFileSync(join(work, 'file.txt'), 'forty-two\n');
  const file = join(folder, 'helper.yaml');
  writeFileSync(file, declaration);
  const configure = ['configure', '--provider', 'mine', '--base-url', server.openai, '--model', 'small'];
  for (const args of [configure, ['agents', 'new', 'helper', '--from', file]]) {
    const { code, stderr } = await holdfast(folder, args);
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`);
  }
  return { ...daemon, folder, work, server };
}
