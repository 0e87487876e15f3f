import type { Clock } from '../../base/clock.ts';
import { diskUse } from './disk-use.ts';
import { memoryUse } from './memory-use.ts';

export interface WatchedTotals {
  readonly memoryBytes: number | null;
  readonly diskBytes: number | null;
}

export interface WatchNeeds {
  readonly clock: Clock;
  /** The process outside whose descendants are the sandbox. */
  readonly pid: number;
  readonly totals: WatchedTotals;
  /** Where folders under review keep what the sandbox wrote. */
  readonly folders: readonly string[];
  end(reason: string): void;
}

const leastMs = 200;
/** Looking takes its time where there is much to look at; this part of the time at most goes into it. */
const pauses = 9;

const size = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;

/**
 * Where the kernel holds no total: looks again and again, and ends the sandbox that has passed it. Between two looks
 * it can have more, which is why this is only done when the person agreed. The returned function stops it.
 */
export function watchTotals(needs: WatchNeeds): () => void {
  let stopped = false;
  let forget = () => {};

  const look = async () => {
    const begun = performance.now();
    const reason = await passed(needs);
    if (stopped) return;
    if (reason !== null) {
      needs.end(reason);
      return;
    }
    forget = needs.clock.after(Math.max(leastMs, (performance.now() - begun) * pauses), () => void look());
  };
  void look();
  return () => {
    stopped = true;
    forget();
  };
}

async function passed({ pid, totals, folders }: WatchNeeds): Promise<string | null> {
  const { memoryBytes, diskBytes } = totals;
  const use = await memoryUse(pid);
  // Without its processes there is nothing left to end.
  if (use === null) return null;
  if (memoryBytes !== null && use.processes + use.scratch > memoryBytes) {
    return `it had more than ${size(memoryBytes)} of memory`;
  }
  if (diskBytes === null) return null;
  const disk = await diskUse(folders, diskBytes - use.scratch);
  if (disk === 'unreadable') return 'it closed a folder under review, so that its size cannot be told';
  return disk + use.scratch > diskBytes ? `it wrote more than ${size(diskBytes)}` : null;
}
