import type { Clock } from '../../base/clock.ts';

/** A timer holds at most 2^31 milliseconds, which is less than a session may last. */
const mostMs = 2 ** 31 - 1;

/** Whoever started the session ends it in time and says so; this is for when they do not. */
const graceMs = 2000;

/** Calls once when a session has lasted longer than it may; the returned function forgets it. */
export function whenOvertime(clock: Clock, seconds: number, call: () => void): () => void {
  let forget = () => {};
  const wait = (left: number) => {
    forget = clock.after(Math.min(left, mostMs), () => (left > mostMs ? wait(left - mostMs) : call()));
  };
  wait(seconds * 1000 + graceMs);
  return () => forget();
}
