import { access } from 'node:fs/promises';
import type { Clock } from '../../base/clock.ts';
import { countedFolders } from '../totals/counted-folders.ts';
import { scratchUse } from '../totals/scratch-use.ts';
import { diskUseBefore, watchTotals } from '../totals/watchdog.ts';
import { type MemoryKills, memoryKillsOf } from './memory-kills.ts';
import type { StartedContainer } from './start.ts';

/** Begins the watch over a container's disk; the returned function ends it. */
export type DiskWatch = (end: (reason: string) => void) => () => void;

/** Does a container's disk total need a watchdog? No engine bounds what an overlay or a copy takes. */
export const needsDiskWatch = ({ plan, review }: StartedContainer['made']): boolean =>
  plan.limits.diskBytes !== null && (review.kept.length > 0 || countedFolders(plan).length > 0);

/** How a container's limits are looked after from outside, where that is needed. */
export interface Watching {
  readonly disk: DiskWatch | null;
  readonly kills: MemoryKills | null;
}

/** Looks at what is there before anything of the session runs. */
export async function watchingOf({ made }: StartedContainer, clock: Clock): Promise<Watching> {
  const disk = needsDiskWatch(made);
  const memory = made.plan.limits.memoryBytes !== null;
  if (!disk && !memory) return { disk: null, kills: null };
  const { Pid: first } = (await made.container.inspect()).State;
  return {
    disk: disk ? await diskWatch(made, first, clock) : null,
    kills: memory ? await memoryKillsOf(first) : null,
  };
}

async function diskWatch(
  { plan, mounts, review }: StartedContainer['made'],
  first: number,
  clock: Clock,
): Promise<DiskWatch> {
  const folders = [...review.versions, ...countedFolders(plan)];
  const before = await diskUseBefore(folders);
  const temporary = mounts.flatMap((mount) => (mount.what === 'tmpfs' && mount.writable ? [mount.at] : []));
  const measure = async () => {
    try {
      return { processes: 0, scratch: await scratchUse(first, [...temporary, '/dev/shm']) };
    } catch (thrown) {
      if (await gone(first)) return null;
      throw thrown;
    }
  };
  const totals = { memoryBytes: null, diskBytes: plan.limits.diskBytes };
  return (end) => watchTotals({ clock, totals, measure, folders, before, end });
}

const gone = (pid: number): Promise<boolean> =>
  access(`/proc/${pid}`).then(
    () => false,
    () => true,
  );
