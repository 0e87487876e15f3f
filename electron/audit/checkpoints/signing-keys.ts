import { Problem } from '../../../shared/problem.ts';
import type { Vault } from '../../store/vault.ts';
import { newSignerKey, type SignerKey, signerKeyFromPem } from '../tree/note.ts';

/** The vault hides names that begin with a dot from people. */
const names = { present: '.signing-key', next: '.signing-key.next' };

/** The log's signing key, kept with the secrets, and while it changes the one that comes next. */
export class SigningKeys {
  readonly #vault: Vault;
  readonly #log: string;
  #key: SignerKey | undefined;
  #next: SignerKey | undefined;

  constructor(vault: Vault, log: string) {
    this.#vault = vault;
    this.#log = log;
    this.#key = this.#read(names.present);
    this.#next = this.#read(names.next);
  }

  get key(): SignerKey | undefined {
    return this.#key;
  }

  get next(): SignerKey | undefined {
    return this.#next;
  }

  require(): SignerKey {
    if (!this.#key) throw new Problem('unavailable', 'The signing key is not in the vault.');
    return this.#key;
  }

  /** A new key, kept but not yet the present one. */
  async makeNext(): Promise<SignerKey> {
    this.#next = newSignerKey(this.#log);
    await this.#vault.set(names.next, this.#next.pem);
    return this.#next;
  }

  async promote(key: SignerKey): Promise<void> {
    await this.#vault.set(names.present, key.pem);
    this.#key = key;
    await this.#vault.remove(names.next);
    this.#next = undefined;
  }

  #read(name: string): SignerKey | undefined {
    const pem = this.#vault.get(name);
    return pem === undefined ? undefined : signerKeyFromPem(this.#log, pem);
  }
}
