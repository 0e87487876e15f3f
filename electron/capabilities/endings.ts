import type { Draft } from '../../shared/events/catalogue.ts';
import type { Actor } from '../../shared/events/event.ts';
import type { AuditRecord } from '../audit/record.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { ExpiryWatch } from './expiry-watch.ts';
import { factsOf, type LiveToken, type TokenFacts } from './live-token.ts';

export interface EndedToken extends TokenFacts {
  readonly ended: 'revoked' | 'expired' | null;
}

/** Hears of tokens in the very moment in which they end; a live worker loses its right there. */
export type Listener = (ended: readonly EndedToken[]) => void;

/** How tokens end: revoked, first in memory and for all listeners and then on the record, or by time. */
export class Endings {
  readonly #record: Pick<AuditRecord, 'appendAll'>;
  readonly #expiry: ExpiryWatch<LiveToken>;
  readonly #listeners = new Set<Listener>();

  constructor(record: Pick<AuditRecord, 'appendAll'>, clock: Clock, log: Log) {
    this.#record = record;
    this.#expiry = new ExpiryWatch(clock, (token) => {
      token.ended ??= 'expired';
      for (const failure of this.#tell([token]))
        log.error({ err: failure }, 'a worker did not hear of an expired token');
    });
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  watch(token: LiveToken): void {
    this.#expiry.watch(token, token.expires);
  }

  forget(token: LiveToken): void {
    this.#expiry.forget(token);
  }

  /**
   * They end now, in memory, whether or not the record can be written; asked again, it is written again.
   * Where a listener fails, all others still hear of it, and the failure is thrown when the record is written.
   */
  async revoke(tokens: readonly LiveToken[], reason: string, by: Actor): Promise<void> {
    const ending = tokens.filter(({ ended }) => ended !== 'revoked');
    for (const token of ending) {
      token.ended = 'revoked';
      this.#expiry.forget(token);
    }
    const failures = ending.length > 0 ? this.#tell(ending) : [];
    this.#write(
      tokens.filter(({ revocation }) => revocation === null),
      reason,
      by,
    );
    await Promise.all(tokens.flatMap(({ revocation }) => revocation ?? []));
    if (failures.length > 0) throw new AggregateError(failures, 'not every worker heard of the revocation');
  }

  close(): void {
    this.#expiry.close();
  }

  #write(tokens: readonly LiveToken[], reason: string, by: Actor): void {
    if (tokens.length === 0) return;
    const writing = this.#record.appendAll(tokens.map((token) => revokedEvent(token, reason, by)));
    const noted = writing.catch((thrown: unknown) => {
      for (const token of tokens) token.revocation = null;
      throw thrown;
    });
    for (const token of tokens) token.revocation = noted;
  }

  #tell(ended: readonly LiveToken[]): unknown[] {
    const failures: unknown[] = [];
    for (const listener of this.#listeners) {
      try {
        listener(ended.map((token) => ({ ...factsOf(token), ended: token.ended })));
      } catch (failure) {
        failures.push(failure);
      }
    }
    return failures;
  }
}

export function revokedEvent(
  { token, agent, text, scope }: Pick<LiveToken, 'token' | 'agent' | 'text' | 'scope'>,
  reason: string,
  by: Actor,
): Draft {
  return { kind: 'capability.revoked', actor: by, scope, data: { token, agent, capability: text, reason } };
}
