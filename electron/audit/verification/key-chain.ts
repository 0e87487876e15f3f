import { recordKinds } from '../../../shared/events/record-kinds.ts';
import { parseVerifierKey, signersOf, type VerifierKey } from '../tree/note.ts';
import type { Mark } from './range.ts';
import { said } from './said.ts';

const created = recordKinds['log.created'].data;
const rotated = recordKinds['key.rotated'].data;

interface Introduced {
  seq: number;
  previous: string;
  key: VerifierKey;
}

/** What a signature says of a checkpoint whose root fits the events. */
export type Signed =
  | { by: 'known' }
  | { by: 'nobody' }
  | { by: 'retired'; key: VerifierKey }
  /** The record names this key from event `seq` on, but the key before it never signed that event. */
  | { by: 'unknown'; key: VerifierKey; seq: number };

/**
 * The keys a record was signed with, one after the other. The first is named by the first event.
 * A later one counts once a key that already counts has signed a checkpoint over the event that
 * names it, or where it is known from elsewhere: from the vault of this Holdfast.
 */
export class KeyChain {
  readonly #trusted: ReadonlySet<string>;
  #log: string | undefined;
  #current: VerifierKey | undefined;
  #retired: VerifierKey[] = [];
  #introduced: Introduced[] = [];

  constructor(trusted: readonly string[]) {
    this.#trusted = new Set(trusted);
  }

  /** Takes the events that name keys, in their order. */
  learn(mark: Mark): void {
    if (mark.kind === 'log.created' && mark.seq === 0) {
      const beginning = said(created, mark.data);
      this.#log = beginning?.log;
      this.#current = keyFrom(beginning?.key);
    } else if (mark.kind === 'key.rotated') {
      const rotation = said(rotated, mark.data);
      const key = keyFrom(rotation?.next);
      if (rotation && key) this.#introduced.push({ seq: mark.seq, previous: rotation.previous, key });
    }
  }

  /** Who signed the checkpoint at `size`. Its root must have been found to fit. */
  judge(note: string, size: number): Signed {
    const current = this.#current;
    const covered = this.#introduced.filter(({ seq }) => seq < size);
    const candidates = [...(current ? [current] : []), ...covered.map(({ key }) => key), ...this.#retired];
    const signers = new Set(signersOf(note, candidates).map((key) => key.text));
    if (current && signers.has(current.text)) {
      this.#handOver(size);
      return { by: 'known' };
    }
    const next = covered.findLast(({ key }) => signers.has(key.text));
    if (next) {
      this.#take(next);
      if (this.#trusted.has(next.key.text)) return { by: 'known' };
      return { by: 'unknown', key: next.key, seq: next.seq };
    }
    const retired = this.#retired.find((key) => signers.has(key.text));
    return retired ? { by: 'retired', key: retired } : { by: 'nobody' };
  }

  /** Every key that ever counted or was named. */
  get all(): VerifierKey[] {
    return [
      ...this.#retired,
      ...(this.#current ? [this.#current] : []),
      ...this.#introduced.map(({ key }) => key),
    ];
  }

  /** The record's name by its first event. */
  get log(): string | undefined {
    return this.#log;
  }

  get hasBeginning(): boolean {
    return this.#current !== undefined;
  }

  /** False where the keys known from elsewhere are not the present key of this record. */
  get isTrusted(): boolean {
    if (this.#trusted.size === 0) return true;
    const present = [this.#current, ...this.#introduced.map(({ key }) => key)];
    return present.some((key) => key !== undefined && this.#trusted.has(key.text));
  }

  /** The present key signed over these introductions, so each next key counts from here on. */
  #handOver(size: number): void {
    const introduced = this.#introduced;
    for (const next of introduced) {
      if (next.seq < size && next.previous === this.#current?.text) this.#take(next);
    }
  }

  #take(next: Introduced): void {
    if (this.#current) this.#retired.push(this.#current);
    this.#current = next.key;
    this.#introduced = this.#introduced.filter(({ seq }) => seq > next.seq);
  }
}

function keyFrom(text: string | undefined): VerifierKey | undefined {
  try {
    return text === undefined ? undefined : parseVerifierKey(text);
  } catch {
    return undefined;
  }
}
