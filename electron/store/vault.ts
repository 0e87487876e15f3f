/**
 * Where secrets are kept. One interface; the desktop keeps them with the system's key ring,
 * the daemon in an encrypted file that only this account may read.
 */
export interface Vault {
  /** How they are kept, in words for a person. */
  readonly kept: string;
  /** Set where the keeping is weaker than it should be. */
  readonly warning: string | null;
  list(): readonly { name: string; changed: string }[];
  get(name: string): string | undefined;
  set(name: string, value: string): Promise<void>;
  remove(name: string): Promise<boolean>;
  /** Every value that must never reach the record, live: the redactor asks before each append. */
  values(): readonly string[];
}

/** Seals single values; what `Vault` implementations differ in. */
export interface SecretBox {
  /** Written beside each sealed value, so that a box never opens another's. */
  readonly id: 'file' | 'system';
  readonly kept: string;
  readonly warning: string | null;
  seal(plain: string): Promise<string>;
  open(sealed: string): Promise<string>;
}
