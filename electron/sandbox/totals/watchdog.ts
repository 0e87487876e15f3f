import type { Clock } from '../../base/clock.ts';
import { diskUse } from './disk-use.ts';

export interface WatchedTotals {
  readonly memoryBytes: number | null;
  readonly diskBytes: number | null;
}

export interface TotalUse {
  /** Of its processes; what several share is counted once in all. */
  readonly processes: number;
  /** In its temporary folders. */
  readonly scratch: number;
}

export interface WatchNeeds {
  readonly clock: Clock;
  readonly totals: WatchedTotals;
  /** What the sandbox uses now; null where it has gone, and nothing is left to end. */
  measure: () => Promise<TotalUse | null>;
  /** Where folders under review keep what the sandbox wrote. */
  readonly folders: readonly string[];
  /** What lay there before it began: a copy is no writing of the sandbox's. */
  readonly before: number;
  end(reason: string): void;
}

const leastMs = 200;
/** Looking takes its time where there is much to look at; this part of the time at most goes into it. */
const pauses = 9;

const size = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;

/** What lies in the folders before anything of the sandbox runs. */
export async function diskUseBefore(folders: readonly string[]): Promise<number> {
  const bytes = await diskUse(folders, Infinity);
  return bytes === 'unreadable' ? 0 : bytes;
}

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

async function passed({ totals, folders, before, measure }: WatchNeeds): Promise<string | null> {
  const { memoryBytes, diskBytes } = totals;
  let used: TotalUse | null;
  try {
    used = await measure();
  } catch {
    return 'what it uses cannot be told any more';
  }
  if (used === null) return null;
  if (memoryBytes !== null && used.processes + used.scratch > memoryBytes) {
    return `it had more than ${size(memoryBytes)} of memory`;
  }
  if (diskBytes === null) return null;
  const disk = await diskUse(folders, before + diskBytes - used.scratch);
  if (disk === 'unreadable') return 'it closed a folder under review, so that its size cannot be told';
  return disk - before + used.scratch > diskBytes ? `it wrote more than ${size(diskBytes)}` : null;
}
