/** Cuts what comes in pieces into lines, and holds no more than so many bytes of one that does not end. */
export class BoundedLines {
  readonly #most: number;
  #pieces: Uint8Array[] = [];
  #size = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Null: a line is longer than the most. */
  take(bytes: Uint8Array): readonly string[] | null {
    const lines: string[] = [];
    let from = 0;
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
      this.#pieces.push(bytes.subarray(from, at));
      this.#size += at - from;
      if (this.#size > this.#most) return null;
      lines.push(Buffer.concat(this.#pieces).toString('utf8'));
      this.#pieces = [];
      this.#size = 0;
      from = at + 1;
    }
    if (from < bytes.length) {
      this.#pieces.push(Uint8Array.from(bytes.subarray(from)));
      this.#size += bytes.length - from;
    }
    return this.#size > this.#most ? null : lines;
  }
}
