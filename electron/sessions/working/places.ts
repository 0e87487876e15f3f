interface Waiting {
  readonly begin: () => void;
  readonly told: (before: number) => void;
}

/** So many at a time; the others wait in their order, and hear how many are before them. */
export class Places {
  readonly #most: () => number;
  readonly #waiting: Waiting[] = [];
  #taken = 0;

  constructor(most: () => number) {
    this.#most = most;
  }

  /** Resolves when there is a place; the returned function gives it back. Rejects where the signal gives up. */
  take(signal: AbortSignal, told: (before: number) => void): Promise<() => void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const waiting: Waiting = {
        told,
        begin: () => {
          signal.removeEventListener('abort', givenUp);
          resolve(this.#given());
        },
      };
      const givenUp = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal.reason as Error);
        this.#next();
      };
      signal.addEventListener('abort', givenUp, { once: true });
      this.#waiting.push(waiting);
      this.#next();
    });
  }

  #given(): () => void {
    let isGivenBack = false;
    return () => {
      if (isGivenBack) return;
      isGivenBack = true;
      this.#taken--;
      this.#next();
    };
  }

  #next(): void {
    while (this.#taken < this.#most()) {
      const first = this.#waiting.shift();
      if (!first) return;
      this.#taken++;
      first.begin();
    }
    for (const [before, { told }] of this.#waiting.entries()) told(before);
  }
}
