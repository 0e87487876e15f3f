import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Token } from '../../shared/contract/house.ts';
import type { CallerKind } from '../../shared/contract/procedure.ts';
import type { Actor } from '../../shared/events/event.ts';
import type { Id } from '../../shared/ids.ts';
import type { McpRights } from '../../shared/mcp.ts';
import { Problem } from '../../shared/problem.ts';
import type { TokenBudget } from '../../shared/token-budget.ts';
import type { AuditRecord } from '../audit/record.ts';
import type { Clock } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import type { Caller } from './caller.ts';
import { readTokenRow, type TokenRow, tokensWithBounds } from './token-row.ts';

export interface TokenWish {
  name: string;
  caller: CallerKind;
  procedures: readonly string[] | null;
  budget?: TokenBudget | null;
  mcp?: McpRights | null;
  expires: string | null;
}

interface LiveToken {
  readonly digest: Buffer;
  readonly row: TokenRow;
}

export function digestOf(value: string): Buffer {
  return hash('sha256', value, 'buffer');
}

function withoutDigest({ digest: _digest, ...token }: TokenRow): Token {
  return token;
}

/** Who holds which token. The record knows only their digests; a value is told once and kept nowhere. */
export class Tokens {
  readonly #record: Pick<AuditRecord, 'append' | 'rows'>;
  readonly #clock: Clock;
  #live: LiveToken[] = [];
  readonly #ended = new Set<(token: Id<'token'>) => void>();

  constructor(record: Pick<AuditRecord, 'append' | 'rows'>, clock: Clock) {
    this.#record = record;
    this.#clock = clock;
    this.#refresh();
  }

  list(): Token[] {
    return this.#record
      .rows(`${tokensWithBounds} ORDER BY created, id`)
      .map((row) => withoutDigest(readTokenRow(row)));
  }

  /** Whose token this is. All live digests are compared, each in constant time, so that timing tells nothing. */
  holder(value: string): Id<'token'> | undefined {
    const digest = digestOf(value);
    let found: Id<'token'> | undefined;
    for (const live of this.#live) if (timingSafeEqual(live.digest, digest)) found = live.row.id;
    return found;
  }

  /** The caller that a token makes, now: undefined once it was revoked or has run out. */
  caller(token: Id<'token'>): Caller | undefined {
    const row = this.#live.find((live) => live.row.id === token)?.row;
    if (!row || this.#remaining(row) <= 0) return undefined;
    return { kind: row.caller, name: row.name, token: row.id, procedures: row.procedures, mcp: row.mcp };
  }

  /** What models may be asked for with it; null: no bound of its own. */
  budget(token: Id<'token'>): TokenBudget | null {
    return this.#live.find((live) => live.row.id === token)?.row.budget ?? null;
  }

  async create(
    { budget = null, mcp = null, ...wish }: TokenWish,
    actor: Actor,
  ): Promise<{ token: Token; value: string }> {
    const value = `hf_${randomBytes(32).toString('base64url')}`;
    const token = newId('token', this.#clock.now());
    const digest = digestOf(value).toString('hex');
    await this.#record.append({
      kind: 'token.created',
      actor,
      data: {
        token,
        ...wish,
        procedures: wish.procedures && [...wish.procedures],
        ...(budget && { budget }),
        ...(mcp && { mcp }),
        digest,
      },
    });
    this.#refresh();
    return { token: this.#find(token), value };
  }

  async revoke(beginning: string, actor: Actor): Promise<Token> {
    const token = this.#find(beginning);
    if (token.revoked !== null) return token;
    await this.#record.append({ kind: 'token.revoked', actor, data: { token: token.id, name: token.name } });
    this.#refresh();
    for (const tell of this.#ended) tell(token.id);
    return this.#find(token.id);
  }

  /** Calls once when this token stops being one, by revocation or by time; the returned function forgets it. */
  whenEnded(token: Id<'token'>, call: () => void): () => void {
    let cancelTimer: () => void = () => undefined;
    const stop = () => {
      this.#ended.delete(heard);
      cancelTimer();
    };
    const end = () => {
      stop();
      call();
    };
    const heard = (ended: Id<'token'>) => {
      if (ended === token) end();
    };
    // A timer holds at most 2^31 milliseconds, which is less than many tokens live.
    const arm = () => {
      const row = this.#live.find((live) => live.row.id === token)?.row;
      const left = row ? this.#remaining(row) : 0;
      if (left <= 0) end();
      else if (left !== Infinity) cancelTimer = this.#clock.after(Math.min(left, 2 ** 31 - 1), arm);
    };
    this.#ended.add(heard);
    arm();
    return stop;
  }

  #remaining(row: TokenRow): number {
    return row.expires === null ? Infinity : Date.parse(row.expires) - this.#clock.now().getTime();
  }

  #find(beginning: string): Token {
    const rows = this.list().filter((token) => token.id.startsWith(beginning));
    const [token] = rows;
    if (token && (rows.length === 1 || token.id === beginning)) return token;
    throw rows.length > 1
      ? new Problem('conflict', `${rows.length} tokens begin with “${beginning}”.`, 'Give more of the id.')
      : new Problem(
          'not_found',
          `There is no token “${beginning}”.`,
          'List them with `holdfast token list`.',
        );
  }

  #refresh(): void {
    this.#live = this.#record
      .rows(`${tokensWithBounds} WHERE revoked IS NULL`)
      .map(readTokenRow)
      .map((row) => ({ row, digest: Buffer.from(row.digest, 'hex') }));
  }
}
