/** Time is passed in, so that tests need no waiting. */
export interface Clock {
  now(): Date;
  /** Calls back once after so many milliseconds; the returned function forgets it. */
  after(milliseconds: number, call: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => new Date(),
  after(milliseconds, call) {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  },
};
