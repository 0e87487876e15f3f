import { readFile } from 'node:fs/promises';
import type { Id } from '../../shared/ids.ts';
import { writePrivateFile } from '../base/private-files.ts';
import type { Tokens } from './tokens.ts';

const system = { kind: 'system' } as const;
const name = 'this machine';

/**
 * The token in the data folder by which the command line is known as the operator.
 * Whoever can read the file is this account. A file that was lost or does not fit the record is replaced,
 * and what it held is revoked.
 */
export async function keepOperatorToken(path: string, tokens: Tokens): Promise<OperatorToken> {
  const value = await readIfThere(path);
  const token = value === undefined ? undefined : tokens.holder(value);
  const kept = new OperatorToken(path, tokens, token);
  if (token === undefined) await kept.renew();
  else await kept.revokeOthers();
  return kept;
}

export class OperatorToken {
  readonly #path: string;
  readonly #tokens: Tokens;
  #token: Id<'token'> | undefined;

  constructor(path: string, tokens: Tokens, token: Id<'token'> | undefined) {
    this.#path = path;
    this.#tokens = tokens;
    this.#token = token;
  }

  /** The id of the token in the file. */
  get token(): Id<'token'> | undefined {
    return this.#token;
  }

  async renew(): Promise<void> {
    const made = await this.#tokens.create(
      { name, caller: 'operator', procedures: null, expires: null },
      system,
    );
    await writePrivateFile(this.#path, `${made.value}\n`);
    this.#token = made.token.id;
    await this.revokeOthers();
  }

  /** Those that were in the file before, also where an exchange was cut off. */
  async revokeOthers(): Promise<void> {
    for (const { id, name: called, caller, revoked } of this.#tokens.list()) {
      const former = called === name && caller === 'operator' && revoked === null && id !== this.#token;
      if (former) await this.#tokens.revoke(id, system);
    }
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw failure;
  }
}
