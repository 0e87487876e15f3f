import { StringDecoder } from 'node:string_decoder';
import { SecretFilter } from '../viewing/secret-filter.ts';

/** A text that is being written, without the secrets that are known; the end of a piece that could begin one waits. */
export class CleanWriting {
  readonly #filter: SecretFilter;
  readonly #letters = new StringDecoder('utf8');

  constructor(secrets: readonly string[]) {
    this.#filter = new SecretFilter(secrets);
  }

  pass(piece: string): string {
    return piece === '' ? '' : this.#letters.write(this.#filter.pass(Buffer.from(piece)));
  }
}
