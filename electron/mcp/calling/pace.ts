/** How many calls of one caller begin within a minute at most. */
export class Pace {
  readonly #times: number[] = [];

  /** Whether another may begin now; it counts where it may. */
  take(now: number, most: number): boolean {
    while (this.#times.length > 0 && this.#times[0]! <= now - 60_000) this.#times.shift();
    if (this.#times.length >= most) return false;
    this.#times.push(now);
    return true;
  }
}
