import { Problem } from '../../../shared/problem.ts';
import type { SandboxLimits } from '../../../shared/session.ts';

/** By what each total is held; null where none was asked for. */
export interface HeldLimits {
  readonly memory: 'cgroup' | 'watchdog' | null;
  readonly disk: 'kernel' | 'watchdog' | null;
  readonly cpus: 'cgroup' | null;
  /** The temporary space, with the disk's total in it where that is all there is to it. */
  readonly scratchBytes: number;
}

const agree = 'or agree to a watchdog that ends the session at the cap (`--supervised`), or use a container.';

/** Decides how each limit is held here, and refuses what nothing can hold. */
export function heldLimits(limits: SandboxLimits, cgroup: boolean, reviews: boolean): HeldLimits {
  const { memoryBytes, diskBytes, cpus, supervised } = limits;
  if (cpus !== null && !cgroup) {
    throw new Problem(
      'unavailable',
      'A share of the processors cannot be held in a namespace sandbox here: no cgroup is ours to use.',
      'Leave it out, or use a container.',
    );
  }
  if (memoryBytes !== null && !cgroup && !supervised) {
    throw new Problem(
      'unavailable',
      'The kernel cannot hold a memory total in a namespace sandbox here: no cgroup is ours to use.',
      `Start Holdfast as a systemd service with \`Delegate=yes\`, ${agree}`,
    );
  }
  // Temporary space is memory with a size of its own; what a review keeps lies on a disk without one.
  if (diskBytes !== null && reviews && !supervised) {
    throw new Problem(
      'unavailable',
      'The kernel cannot hold a disk total over folders under review.',
      `Leave it out, ${agree}`,
    );
  }
  return {
    memory: memoryBytes === null ? null : cgroup ? 'cgroup' : 'watchdog',
    disk: diskBytes === null ? null : reviews ? 'watchdog' : 'kernel',
    cpus: cpus === null ? null : 'cgroup',
    scratchBytes: Math.min(limits.scratchBytes, diskBytes ?? Infinity),
  };
}
