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
    const { clean, rest } = this.#replaced(whole, false);
    const held = this.#beginning(rest);
    this.#held = rest.subarray(rest.length - held);
    return Buffer.concat([...clean, rest.subarray(0, rest.length - held)]);
  }

  end(): Buffer {
    const { clean, rest } = this.#replaced(this.#held, true);
    this.#held = Buffer.alloc(0);
    return Buffer.concat([...clean, rest]);
  }

  #replaced(whole: Buffer, last: boolean): { clean: Buffer[]; rest: Buffer } {
    const clean: Buffer[] = [];
    // Each is looked for anew only behind where it was found: a program may print one of them all the time.
    const places = this.#secrets.map((secret) => whole.indexOf(secret));
    for (let from = 0; ;) {
      let next = -1;
      for (const [each, secret] of this.#secrets.entries()) {
        const place = places[each]!;
        if (place >= 0 && place < from) places[each] = whole.indexOf(secret, from);
        if (places[each]! >= 0 && (next < 0 || places[each]! < places[next]!)) next = each;
      }
      const place = places[next] ?? -1;
      const length = this.#secrets[next]?.length ?? 0;
      const open = place >= 0 && !last && this.#continues(whole.subarray(place), length);
      if (place < 0 || open) return { clean, rest: whole.subarray(from) };
      clean.push(whole.subarray(from, place), replacement);
      from = place + length;
    }
  }

  /** Whether a longer secret may yet turn out to stand there. */
  #continues(rest: Buffer, length: number): boolean {
    return this.#secrets.some(
      (secret) =>
        secret.length > length && rest.length < secret.length && secret.subarray(0, rest.length).equals(rest),
    );
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
