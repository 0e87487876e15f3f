const replacement = Buffer.from('[secret]');

/**
 * Replaces secrets in a stream of bytes, also where one is cut in two: the end of a part that could be the beginning
 * of a secret waits for the next part.
 */
export class SecretFilter {
  readonly #secrets: readonly Buffer[];
  #held: Buffer = Buffer.alloc(0);

  constructor(secrets: readonly string[]) {
    this.#secrets = secrets.map((secret) => Buffer.from(secret)).toSorted((a, b) => b.length - a.length);
  }

  pass(bytes: Uint8Array): Buffer {
    const whole = this.#held.length > 0 ? Buffer.concat([this.#held, bytes]) : Buffer.from(bytes);
    const { clean, rest } = this.#replaced(whole);
    const held = this.#beginning(rest);
    this.#held = rest.subarray(rest.length - held);
    return Buffer.concat([...clean, rest.subarray(0, rest.length - held)]);
  }

  end(): Buffer {
    const held = this.#held;
    this.#held = Buffer.alloc(0);
    return held;
  }

  #replaced(whole: Buffer): { clean: Buffer[]; rest: Buffer } {
    const clean: Buffer[] = [];
    let from = 0;
    for (;;) {
      let place = -1;
      let length = 0;
      for (const secret of this.#secrets) {
        const found = whole.indexOf(secret, from);
        if (found >= 0 && (place < 0 || found < place)) [place, length] = [found, secret.length];
      }
      if (place < 0) return { clean, rest: whole.subarray(from) };
      clean.push(whole.subarray(from, place), replacement);
      from = place + length;
    }
  }

  /** How many bytes at the end could begin a secret. */
  #beginning(bytes: Buffer): number {
    let most = 0;
    for (const secret of this.#secrets) {
      for (let length = Math.min(secret.length - 1, bytes.length); length > most; length--) {
        if (bytes.subarray(bytes.length - length).equals(secret.subarray(0, length))) most = length;
      }
    }
    return most;
  }
}
