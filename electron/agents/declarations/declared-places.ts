import { join, resolve } from 'node:path';
import type { Declaration } from '../../../shared/agent.ts';
import type { CommandPresets } from '../command-presets.ts';

export interface DeclaredPlace {
  /** Where relative paths begin. */
  readonly folder: string;
  readonly home: string;
  readonly presets: CommandPresets;
}

/** Paths of a command are whole once they are read: whoever inherits them stands in another folder. */
export function withWholePaths(
  declaration: Declaration,
  { folder, home }: Pick<DeclaredPlace, 'folder' | 'home'>,
): Declaration {
  const { command } = declaration;
  if (!command) return declaration;
  const { repository, methodology, mounts } = command;
  return {
    ...declaration,
    command: {
      ...command,
      ...(repository === undefined ? {} : { repository: fromHome(repository, home) }),
      ...(methodology === undefined ? {} : { methodology: resolve(folder, fromHome(methodology, home)) }),
      ...(mounts === undefined
        ? {}
        : { mounts: mounts.map((mount) => ({ ...mount, source: fromHome(mount.source, home) })) }),
    },
  };
}

function fromHome(path: string, home: string): string {
  if (path === '~') return home;
  return path.startsWith('~/') ? join(home, path.slice(2)) : path;
}
