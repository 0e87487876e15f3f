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

/** What one timer of the system holds at most; asked for more, it calls at once. */
const longest = 2 ** 31 - 1;

/** The same for times that may be longer than one timer holds. */
export function afterLong(clock: Clock, milliseconds: number, call: () => void): () => void {
  let forget: () => void = () => undefined;
  const wait = (left: number) => {
    forget = clock.after(Math.min(left, longest), () => (left > longest ? wait(left - longest) : call()));
  };
  wait(milliseconds);
  return () => forget();
}
