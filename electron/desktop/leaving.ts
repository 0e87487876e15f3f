export interface LeavingNeeds {
  readonly leave: (how: { drain: boolean; reason: string }) => Promise<void>;
  readonly begun: () => void;
  /** Everything is closed; the process may end with this code. */
  readonly over: (code: number) => void;
  readonly failed: (failure: unknown) => void;
}

/**
 * The way out. The first request lets what runs end in order, the second stops at once; more change nothing.
 * Whoever asks (menu, signal, system, command line), it is this one way.
 */
export class Leaving {
  readonly #needs: LeavingNeeds;
  #asked = 0;
  #over = false;
  #code = 0;

  constructor(needs: LeavingNeeds) {
    this.#needs = needs;
  }

  get begun(): boolean {
    return this.#asked > 0;
  }

  get over(): boolean {
    return this.#over;
  }

  /** `code` is what the process ends with if this request makes it stop at once. */
  ask(reason: string, code = 0): void {
    this.#asked += 1;
    if (this.#asked === 1) this.#needs.begun();
    if (this.#asked === 2) this.#code = code;
    if (this.#asked <= 2) void this.#leave(reason, this.#asked === 1);
  }

  async #leave(reason: string, drain: boolean): Promise<void> {
    let end = 0;
    try {
      await this.#needs.leave({ drain, reason });
      end = this.#code;
    } catch (failure) {
      this.#needs.failed(failure);
      end = 1;
    }
    if (this.#over) return;
    this.#over = true;
    this.#needs.over(end);
  }
}
