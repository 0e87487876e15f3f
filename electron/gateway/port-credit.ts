import { portCredit } from '../../shared/port-credit.ts';

/** The writing side of one port: whether more may go out before the other side has taken some. */
export class PortCredit {
  #unread = 0;
  #waiting: { letters: number; turn: PromiseWithResolvers<void> }[] = [];
  #closed = false;

  get exhausted(): boolean {
    return this.#unread >= portCredit.limit;
  }

  /** Resolves when a message of so many letters may go out; rejects when the port is gone. */
  spend(letters: number): Promise<void> {
    if (this.#closed) return Promise.reject(new Error('the port is closed'));
    if (!this.exhausted) {
      this.#unread += letters;
      return Promise.resolve();
    }
    const turn = Promise.withResolvers<void>();
    this.#waiting.push({ letters, turn });
    return turn.promise;
  }

  earn(taken: number): void {
    this.#unread = Math.max(0, this.#unread - taken);
    while (!this.exhausted && this.#waiting.length > 0) {
      const { letters, turn } = this.#waiting.shift()!;
      this.#unread += letters;
      turn.resolve();
    }
  }

  close(): void {
    this.#closed = true;
    for (const { turn } of this.#waiting.splice(0)) turn.reject(new Error('the port is closed'));
  }
}
