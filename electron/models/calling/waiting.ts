import type { Clock } from '../../base/clock.ts';

/** Resolves after so long; rejects with the signal's reason as soon as it is given up. */
export function waitFor(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const leave = () => {
      forget();
      reject(signal.reason as Error);
    };
    const forget = clock.after(milliseconds, () => {
      signal.removeEventListener('abort', leave);
      resolve();
    });
    signal.addEventListener('abort', leave, { once: true });
  });
}
