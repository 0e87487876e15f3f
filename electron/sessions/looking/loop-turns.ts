/** So many go on in one turn of the event loop; the others wait for the next. */
const atOnce = 6;

/** Lets onlookers go on a few at a time, so that however many there are, everything else comes in between. */
export class LoopTurns {
  readonly #waiting: (() => void)[] = [];
  #due = false;

  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#arrange();
    });
  }

  #arrange(): void {
    if (this.#due) return;
    this.#due = true;
    setImmediate(() => {
      this.#due = false;
      for (const goOn of this.#waiting.splice(0, atOnce)) goOn();
      if (this.#waiting.length > 0) this.#arrange();
    });
  }
}
