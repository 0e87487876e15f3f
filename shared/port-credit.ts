/**
 * A MessagePort takes whatever it is given and never says that nobody reads. So the reading side tells
 * how many letters it has taken, and the writing side stops at a limit: a frozen window costs no memory.
 */
export const portCredit = { step: 64 * 1024, limit: 1024 * 1024 } as const;

/** What the reading side says after every `step` letters or more. */
export interface Taken {
  taken: number;
}

export function takenBy(data: unknown): number | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { taken } = data as Partial<Taken>;
  return typeof taken === 'number' && Number.isSafeInteger(taken) && taken > 0 ? taken : undefined;
}

/** For the reading side: call it with each message. */
export function acknowledging(say: (taken: Taken) => void): (message: unknown) => void {
  let heard = 0;
  return (message) => {
    if (typeof message === 'string') heard += message.length;
    if (heard < portCredit.step) return;
    say({ taken: heard });
    heard = 0;
  };
}
