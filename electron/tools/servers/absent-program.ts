import type { ToolServer } from '../../../shared/tool-server.ts';
import { programPlaces } from '../../base/program-places.ts';

type Stdio = Extract<ToolServer['transport'], { kind: 'stdio' }>;

/** What to do where a sandbox does not find a program: the person may well have it, in a place that sandboxes do not. */
export async function absentMend({ command }: Stdio, searchPath: string | undefined): Promise<string> {
  const [name = ''] = command;
  const usual =
    'Look at its command: it runs in a sandbox that has the system’s programs and the folders it is given.';
  if (name.includes('/')) return usual;
  const places = await programPlaces(name, searchPath, undefined).catch(() => null);
  if (!places || places.folders.length === 0) return usual;
  const folders = places.folders.map((folder) => `\`${folder}\``).join(' and ');
  return `Your own lies where no sandbox looks. Make its command begin with \`${places.path}\`, and give it ${folders} to read.`;
}
