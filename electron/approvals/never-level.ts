import { Problem } from '../../shared/problem.ts';
import type { FolderMode } from '../../shared/session.ts';

export interface NeverFacts {
  readonly folders: readonly { readonly path: string; readonly mode: FolderMode }[];
  /** Host patterns in their canonical text. */
  readonly hosts: readonly string[];
  /** Whether the effects happen in a sandbox at all. */
  readonly contained: boolean;
}

/** Refuses the level `never` where something would be done that can neither be thrown away nor looked at first. */
export function refuseNever({ folders, hosts, contained }: NeverFacts): void {
  const straight = folders.filter(({ mode }) => mode === 'rw').map(({ path }) => path);
  if (!contained) throw never('nothing contains it', 'Choose a sandbox');
  if (straight.length > 0) {
    throw never(`it writes ${straight.join(', ')} directly`, 'Give those folders for review');
  }
  if (hosts.some((host) => host.split(':', 1)[0] === '*')) {
    throw never('it may connect to any host', 'List the hosts');
  }
}

function never(why: string, mend: string): Problem {
  return new Problem(
    'invalid_input',
    `The level “never” asks for nothing, and ${why}.`,
    `${mend}, or choose the level “actions”.`,
  );
}
