import { performance } from 'node:perf_hooks';
import type { Clock } from './clock.ts';

/** Whoever still works after so long is not at rest: giving back stops this thread for some 30 ms. */
const lookMilliseconds = 2000;
const atRestBelow = 0.05;

/**
 * V8 keeps what a burst of work took for the next one, which for a house at rest may be days away. Told that some work
 * has ended, this gives it back once, soon, where nothing else is going on.
 */
export function memoryAtRest(clock: Clock, giveBack = collectAll, beginWatch = watchLoop): () => void {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    const busy = beginWatch();
    clock.after(lookMilliseconds, () => {
      waiting = false;
      if (busy() < atRestBelow) giveBack();
    });
  };
}

/** The share of the time in which this thread worked, from now on. */
function watchLoop(): () => number {
  const before = performance.eventLoopUtilization();
  return () => performance.eventLoopUtilization(before).utilization;
}

/**
 * The only collection that also hands pages back; V8 itself makes it when memory runs out. The bytecode of a
 * function goes, too, where it has not run since the last one: V8 would keep it for six. (Its baseline code may not be
 * flushed: a V8 whose flag for that changes at work crashes.)
 */
export function collectAll(): void {
  const { setFlagsFromString } = process.getBuiltinModule('node:v8');
  setFlagsFromString('--expose-gc');
  const collect = process.getBuiltinModule('node:vm').runInNewContext('gc') as (how: object) => void;
  setFlagsFromString('--bytecode-old-age=1');
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  setFlagsFromString('--bytecode-old-age=6');
}
