import type { Bubblewrap } from './find-bubblewrap.ts';
import { inside } from '../inside/made-up-files.ts';

/** Everything of its own, nobody's privileges, an empty environment, and gone when Holdfast is. */
export function namespaceArguments({ disablesUserns }: Pick<Bubblewrap, 'disablesUserns'>): string[] {
  const own = ['user', 'pid', 'net', 'ipc', 'uts', 'cgroup-try'].map((name) => `--unshare-${name}`);
  const who = ['--uid', String(inside.uid), '--gid', String(inside.gid), '--hostname', inside.host];
  return [
    ...own,
    ...(disablesUserns ? ['--disable-userns'] : []),
    ...who,
    '--cap-drop',
    'ALL',
    '--clearenv',
    '--die-with-parent',
    // The helper looks after orphans itself; as the first process nothing inside can signal it.
    '--as-pid-1',
  ];
}
