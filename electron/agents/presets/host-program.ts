import { dirname } from 'node:path';
import { Problem } from '../../../shared/problem.ts';
import type { WorkCommand } from '../work-command.ts';
import type { Preset } from './preset-schema.ts';
import { programMissing } from './program-missing.ts';
import { programPlaces } from '../../base/program-places.ts';

const usualPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The same with the program as this machine has it: a sandbox of the machine’s own files shows no more than /usr. */
export async function withProgram(
  line: WorkCommand,
  preset: Preset,
  searchPath: string | undefined,
): Promise<WorkCommand> {
  const { program } = preset;
  if (program === undefined) return line;
  const [first, ...rest] = line.argv;
  const found = await programPlaces(program, searchPath, preset.package);
  if (!found) {
    // A person’s own arguments may name another, which is theirs to mount.
    if (first !== program && first !== preset.plain?.[0]) return line;
    const { message, mend } = programMissing(preset);
    throw new Problem('not_found', message, mend);
  }
  const said = line.environment['PATH'] ?? usualPath;
  const path = [...new Set([dirname(found.path), ...found.programs]), said].join(':');
  return {
    ...line,
    argv: [first === program ? found.path : (first ?? ''), ...rest],
    environment: { ...line.environment, PATH: path },
    folders: found.folders,
  };
}
