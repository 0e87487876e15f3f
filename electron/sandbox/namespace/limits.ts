import { Problem } from '../../../shared/problem.ts';
import type { SandboxLimits } from '../../../shared/session.ts';

/** By what each total is held; null where none was asked for. */
export interface HeldLimits {
  readonly memory: 'watchdog' | null;
  readonly disk: 'kernel' | 'watchdog' | null;
  /** The temporary space, with the disk's total in it where that is all there is to it. */
  readonly scratchBytes: number;
}

const agree = 'Agree to a watchdog that ends the session at the cap (`--supervised`), or use a container.';

/** Decides how each limit is held, and refuses what nothing here can hold. */
export function heldLimits(limits: SandboxLimits, onDisk: boolean): HeldLimits {
  const { memoryBytes, diskBytes, cpus, supervised } = limits;
  if (cpus !== null) {
    throw new Problem(
      'unavailable',
      'A namespace sandbox cannot hold a share of the processors.',
      'Leave it out, or use a container.',
    );
  }
  if (memoryBytes !== null && !supervised) {
    throw new Problem('unavailable', 'The kernel holds no memory total over a namespace sandbox.', agree);
  }
  // Temporary space is memory with a size of its own; a clone, and what a review keeps, lie on a disk without one.
  if (diskBytes !== null && onDisk && !supervised) {
    throw new Problem(
      'unavailable',
      'The kernel holds no disk total over folders under review, nor over a clone.',
      agree,
    );
  }
  return {
    memory: memoryBytes === null ? null : 'watchdog',
    disk: diskBytes === null ? null : onDisk ? 'watchdog' : 'kernel',
    scratchBytes: Math.min(limits.scratchBytes, diskBytes ?? Infinity),
  };
}
