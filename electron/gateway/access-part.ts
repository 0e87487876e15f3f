import type { Token } from '../../shared/contract/house.ts';
import { Problem } from '../../shared/problem.ts';
import type { AuditRecord } from '../audit/record.ts';
import type { Clock } from '../base/clock.ts';
import { actorOf, type Caller } from './caller.ts';
import type { OperatorToken } from './operator-token.ts';
import { type Builder, callerOf } from './parts.ts';
import type { Refusals } from './refusals.ts';
import type { Tickets } from './tickets.ts';
import type { Tokens } from './tokens.ts';

export interface AccessPartNeeds {
  readonly record: AuditRecord;
  readonly clock: Clock;
  readonly tokens: Tokens;
  readonly tickets: Tickets;
  readonly refusals: Refusals;
  readonly operatorToken: OperatorToken;
  /** Where browsers reach the pages; null where nothing listens. */
  readonly address: () => string | null;
}

/** A tab keeps its token in sessionStorage, which ends with the tab; this ends what was left open or stolen. */
const browserLife = 30 * 24 * 3_600_000;

/** A token that names procedures gets at no others by way of a new token. */
function refuseToWiden({ procedures }: Caller, wanted: readonly string[] | null, mcp = false): void {
  if (procedures === null || (!mcp && wanted?.every((name) => procedures.includes(name)))) return;
  throw new Problem(
    'forbidden',
    'This token is limited, and can let nobody do more than itself.',
    'Ask with a token that is not limited.',
  );
}

/** Who speaks MCP was let in for that: it reads the record by no other door, unless the person names what it may call. */
function narrowedByMcp<Wish extends Pick<Token, 'caller' | 'procedures' | 'mcp'>>(wish: Wish): Wish {
  if (wish.mcp === null) return wish;
  if (wish.caller === 'client') return { ...wish, procedures: wish.procedures ?? [] };
  throw new Problem(
    'invalid_input',
    'Only an outside program can have rights for MCP.',
    'Make the token for a client.',
  );
}

export function accessPart({ access: build }: Builder, needs: AccessPartNeeds) {
  const { record, clock, tokens, tickets, refusals, operatorToken } = needs;
  return {
    list: build.list.handler(() => tokens.list()),
    create: build.create.handler(({ input, context }) => {
      if (input.expires !== null && Date.parse(input.expires) <= clock.now().getTime()) {
        throw new Problem('invalid_input', 'expires: lies in the past.', 'Give a time to come, or none.');
      }
      const caller = callerOf(context);
      const wish = narrowedByMcp(input);
      refuseToWiden(caller, wish.procedures, wish.mcp !== null);
      return tokens.create(wish, actorOf(caller));
    }),
    revoke: build.revoke.handler(async ({ input, context }) => {
      const before = operatorToken.token;
      const revoked = await tokens.revoke(input.token, actorOf(callerOf(context)));
      // The command line needs one to work at all: it gets a new one, which no thief of the old one has.
      if (revoked.id === before) await operatorToken.renew();
      return revoked;
    }),
    ticket: build.ticket.handler(({ context }) => {
      refuseToWiden(callerOf(context), null);
      const address = needs.address();
      if (address === null)
        throw new Problem(
          'unavailable',
          'No page is served here.',
          'Start the daemon with `holdfast serve`.',
        );
      const { ticket, expires } = tickets.issue();
      return { url: `${address}/#ticket=${ticket}`, expires: expires.toISOString() };
    }),
    admit: build.admit.handler(async ({ input, context }) => {
      try {
        tickets.redeem(input.ticket);
      } catch (problem) {
        refusals.note(context.transport, 'a ticket that is not in force');
        throw problem;
      }
      const expires = new Date(clock.now().getTime() + browserLife).toISOString();
      const actor = { kind: 'operator' } as const;
      const made = await tokens.create(
        { name: 'browser', caller: 'operator', procedures: null, expires },
        actor,
      );
      await record.append({ kind: 'browser.admitted', actor, data: { token: made.token.id } });
      return { token: made.value, expires };
    }),
  };
}
