/** Time and chance are passed in, so that tests of reconnecting need no waiting. */
export interface Timing {
  now(): number;
  after(milliseconds: number, call: () => void): () => void;
  /** From 0 to 1. */
  chance(): number;
}

export const browserTiming: Timing = {
  now: () => Date.now(),
  after(milliseconds, call) {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  },
  chance: () => Math.random(),
};

/** Waits, or ends early when the signal says so. */
export function pause(timing: Timing, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      forget();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const forget = timing.after(milliseconds, done);
    signal.addEventListener('abort', done);
  });
}
