import type { TurnEnd } from '../../agents/agent-loop.ts';

/** Those that wait until a turn of a session has finished, or the session has ended. */
export class Rests {
  readonly #hearers = new Set<(end: TurnEnd | 'ended') => void>();

  tell(end: TurnEnd | 'ended'): void {
    for (const told of this.#hearers) told(end);
  }

  next(signal: AbortSignal, counts: (end: TurnEnd) => boolean): Promise<TurnEnd | 'ended'> {
    return new Promise((resolve, reject) => {
      const told = (end: TurnEnd | 'ended') => {
        if (end !== 'ended' && !counts(end)) return;
        done();
        resolve(end);
      };
      const stopped = () => {
        done();
        reject(signal.reason as Error);
      };
      const done = () => {
        this.#hearers.delete(told);
        signal.removeEventListener('abort', stopped);
      };
      this.#hearers.add(told);
      signal.addEventListener('abort', stopped, { once: true });
      if (signal.aborted) stopped();
    });
  }
}
