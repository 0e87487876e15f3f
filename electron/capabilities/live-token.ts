import type { Capability, Limits } from '../../shared/capability.ts';
import { writeCapability } from '../../shared/capability/text.ts';
import type { Scope } from '../../shared/events/event.ts';
import type { Id } from '../../shared/ids.ts';
import { expiryOf } from './limits.ts';
import { type Matcher, matcherOf } from './matching.ts';
import { UseCount } from './use-count.ts';

export interface TokenFacts {
  readonly token: Id<'capability'>;
  readonly agent: string;
  readonly capability: Capability;
  readonly limits: Limits;
  readonly scope: Scope;
}

/** One capability token in memory, prepared for being asked a million times a second. */
export interface LiveToken extends TokenFacts {
  readonly handle: string;
  readonly text: string;
  readonly parent: LiveToken | null;
  readonly children: Set<LiveToken>;
  readonly matches: Matcher;
  readonly expires: number;
  /** Its own count and those of all it was narrowed from: a use counts for each of them, so that no chain adds uses. */
  readonly charged: readonly CountedToken[];
  ended: 'revoked' | 'expired' | null;
  /** Whether its grant is durable; until then nobody may use it. */
  granted: boolean;
  /** The writing of its revocation. */
  revocation: Promise<unknown> | null;
}

export interface CountedToken extends TokenFacts {
  readonly text: string;
  readonly count: UseCount;
}

export interface LiveTokenWish extends TokenFacts {
  readonly handle: string;
  readonly parent: LiveToken | null;
  readonly used?: number;
  readonly lastUsed?: number;
}

export function liveToken({ used, lastUsed, parent, ...wish }: LiveTokenWish): LiveToken {
  const { token, agent, capability, limits, scope } = wish;
  const text = writeCapability(capability);
  const counts = limits.uses !== null || limits.perMinute !== null;
  const own = { token, agent, capability, limits, scope, text };
  const live: LiveToken = {
    ...wish,
    text,
    parent,
    children: new Set(),
    matches: matcherOf(capability),
    expires: expiryOf(limits),
    charged: [
      ...(counts ? [{ ...own, count: new UseCount(limits, used, lastUsed) }] : []),
      ...(parent?.charged ?? []),
    ],
    ended: null,
    granted: false,
    revocation: null,
  };
  parent?.children.add(live);
  return live;
}

export function factsOf({ token, agent, capability, limits, scope }: TokenFacts): TokenFacts {
  return { token, agent, capability, limits, scope };
}

/** A token and all that was narrowed from it, itself first. */
export function withNarrowed(token: LiveToken): LiveToken[] {
  return [token, ...[...token.children].flatMap(withNarrowed)];
}

export function depthOf(token: LiveToken | null): number {
  return token === null ? 0 : 1 + depthOf(token.parent);
}
