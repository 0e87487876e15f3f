import { afterLong, type Clock } from '../../base/clock.ts';

/** Whoever started the session ends it in time and says so; this is for when they do not. */
const graceMs = 2000;

/** Ends a sandbox that has lasted longer than its session may; the returned function forgets it. */
export function endOvertime(clock: Clock, seconds: number | null, end: (reason: string) => void): () => void {
  if (seconds === null) return () => undefined;
  return afterLong(clock, seconds * 1000 + graceMs, () => end(`its time of ${seconds} seconds was over`));
}
