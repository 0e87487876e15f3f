interface Waiting {
  readonly alone: boolean;
  readonly begin: () => void;
}

/** Many may read at a time, and one may write when nobody reads; whoever comes first begins first. */
export class Turns {
  readonly #waiting: Waiting[] = [];
  #readers = 0;
  #writing = false;

  read<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    return this.#turn(false, signal, work);
  }

  write<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    return this.#turn(true, signal, work);
  }

  async #turn<Result>(alone: boolean, signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    await this.#begun(alone, signal);
    try {
      return await work();
    } finally {
      if (alone) this.#writing = false;
      else this.#readers--;
      this.#next();
    }
  }

  #begun(alone: boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        alone,
        begin: () => {
          signal.removeEventListener('abort', givenUp);
          resolve();
        },
      };
      const givenUp = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal.reason as Error);
        this.#next();
      };
      if (signal.aborted) return reject(signal.reason as Error);
      signal.addEventListener('abort', givenUp, { once: true });
      this.#waiting.push(waiting);
      this.#next();
    });
  }

  #next(): void {
    for (let [first] = this.#waiting; first && !this.#writing; [first] = this.#waiting) {
      if (first.alone && this.#readers > 0) return;
      this.#waiting.shift();
      if (first.alone) this.#writing = true;
      else this.#readers++;
      first.begin();
    }
  }
}
