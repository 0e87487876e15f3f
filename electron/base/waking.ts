import type { Clock } from './clock.ts';

/** Rests so long, or until the signal. */
export function rest(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      forget();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const forget = clock.after(milliseconds, done);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}

/** Sleeps until somebody calls `wake`, or until the signal. */
export function woken(sleeper: { wake: () => void }, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      sleeper.wake = () => undefined;
      signal.removeEventListener('abort', done);
      resolve();
    };
    sleeper.wake = done;
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
