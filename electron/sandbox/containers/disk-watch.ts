import { access } from 'node:fs/promises';
import type { Clock } from '../../base/clock.ts';
import { scratchUse } from '../totals/scratch-use.ts';
import { diskUseBefore, watchTotals } from '../totals/watchdog.ts';
import type { StartedContainer } from './start.ts';

/** Begins the watch over a container's disk; the returned function ends it. */
export type DiskWatch = (end: (reason: string) => void) => () => void;

/** Does a container's disk total need a watchdog? No engine bounds what an overlay or a copy takes. */
export const needsDiskWatch = ({ plan, review }: StartedContainer['made']): boolean =>
  plan.limits.diskBytes !== null && review.kept.length > 0;

/** Looks at what lies there before anything of the session runs. */
export async function diskWatch({ made }: StartedContainer, clock: Clock): Promise<DiskWatch | null> {
  if (!needsDiskWatch(made)) return null;
  const { plan, container, mounts, review } = made;
  const { Pid: first } = (await container.inspect()).State;
  const folders = review.versions;
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
