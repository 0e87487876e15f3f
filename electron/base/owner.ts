export type Close = () => void | Promise<void>;

/** Owns what must be closed: closes it once, the newest first, even where one of them fails. */
export class Owner {
  #closers: Close[] = [];
  #closing: Promise<void> | undefined;

  own(close: Close): void {
    this.#closers.push(close);
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    const failures: unknown[] = [];
    for (let close = this.#closers.pop(); close; close = this.#closers.pop()) {
      try {
        await close();
      } catch (failure) {
        failures.push(failure);
      }
    }
    if (failures.length === 1) throw failures[0];
    if (failures.length > 1) throw new AggregateError(failures, 'several things could not be closed');
  }
}
