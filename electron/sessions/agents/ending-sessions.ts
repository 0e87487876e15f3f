import type { Actor } from '../../../shared/events/event.ts';
import type { Id } from '../../../shared/ids.ts';
import type { Cell } from '../../audit/projection.ts';
import type { AgentSessionParts } from '../agent-session-parts.ts';
import { childrenOfCall, openChildren } from '../agent-session-rows.ts';
import { SessionRights } from '../preparing/session-rights.ts';
import { putAway } from '../running/putting-away.ts';
import { SessionFolder } from '../session-folder.ts';
import type { AgentLook } from './agent-look.ts';
import { outcomeOfTurn } from './ending.ts';
import { reviewsItself } from './facts.ts';
import type { LiveAgentSession } from './live-agent-session.ts';
import type { RoomsAtWork } from './live-needs.ts';

/** So long a call that runs has to end by itself, in milliseconds. */
const grace = 10_000;
const system: Actor = { kind: 'system' };

/** What ending a session needs of those that are at work. */
export interface EndingNeeds {
  readonly parts: AgentSessionParts;
  readonly rooms: () => Promise<RoomsAtWork>;
  readonly row: AgentLook['row'];
  /** Takes it up where this life does not have it yet. */
  readonly of: (id: Id<'session'>) => Promise<LiveAgentSession>;
  readonly isClosing: () => boolean;
  /** Whether it works in a sandbox of its own, and not in its parent’s. */
  readonly ownsSandbox: (live: LiveAgentSession) => boolean;
  /** It is at work no more. */
  readonly gone: (id: Id<'session'>) => void;
}

/** How sessions with agents end: each once, its children first, and nothing of it is left. */
export class EndingSessions {
  readonly #needs: EndingNeeds;
  readonly #ending = new Map<string, Promise<void>>();

  constructor(needs: EndingNeeds) {
    this.#needs = needs;
  }

  /** Whether it is being ended. */
  has(id: string): boolean {
    return this.#ending.has(id);
  }

  async of(id: string): Promise<void> {
    await this.#ending.get(id);
  }

  async settled(): Promise<void> {
    await Promise.allSettled(this.#ending.values());
  }

  /** Ends what a call had started and left open. */
  endChildren(parent: Id<'session'>, call: Id<'call'>, reason: string): Promise<void> {
    return this.#endAll(this.#needs.parts.record.rows(childrenOfCall, parent, call), reason, system, true);
  }

  /** Ends it for good: its children first, then its turn, its rights and its sandbox, and what it changed waits. */
  async endNow(
    live: LiveAgentSession,
    reason: string,
    stopReason: string | null,
    by: Actor,
    patient = grace,
  ): Promise<void> {
    const known = this.#ending.get(live.id);
    if (known) return known;
    const ending = this.#endOf(live, reason, stopReason, by, patient).finally(() =>
      this.#ending.delete(live.id),
    );
    this.#ending.set(live.id, ending);
    return ending;
  }

  /** By force it waits for nothing that runs. */
  async end(id: Id<'session'>, reason: string, by: Actor, force = false): Promise<void> {
    const live = await this.#toEnd(id);
    if (force) live?.hurry();
    if (!live) return this.#endLost(id, reason, by);
    const { turn, lastTurn } = live.conversation;
    const stopReason = turn ? 'interrupted' : (lastTurn?.stopReason ?? null);
    return this.endNow(live, reason, stopReason, by, force ? 0 : grace);
  }

  async #endOf(
    live: LiveAgentSession,
    reason: string,
    stopReason: string | null,
    by: Actor,
    patient: number,
  ): Promise<void> {
    const { facts, rights, sandbox, connections, rooms } = live.needs;
    const { id } = facts;
    const own = this.#needs.ownsSandbox(live);
    const kill = () => (own ? sandbox.close() : Promise.resolve());
    await this.#endAll(this.#needs.parts.record.rows(openChildren, id), reason, by, patient === 0);
    await live.end(reason, { goesOn: false, grace: patient, force: patient === 0, kill });
    await rooms.approvals.withdraw(id, reason);
    await rooms.hands.ended(id);
    if (own) await sandbox.close();
    await connections.end();
    const { started } = this.#needs.row(id);
    await putAway(this.#needs.parts, {
      session: id,
      folder: new SessionFolder(this.#needs.parts.data, id),
      rights,
      outcome: outcomeOfTurn(stopReason),
      begun: new Date(started),
      underReview: own && reviewsItself(facts) ? 'counted' : 'no',
      transcript: null,
      invoked: null,
    });
    this.#needs.gone(id);
  }

  /** Null for one that cannot be taken up any more; ended it can be all the same. */
  async #toEnd(id: Id<'session'>): Promise<LiveAgentSession | null> {
    try {
      return await this.#needs.of(id);
    } catch (thrown) {
      if (this.#needs.isClosing() || this.#needs.row(id).activity === 'ended') throw thrown;
      this.#needs.parts.log.warn({ err: thrown, session: id }, 'a session that is to end cannot be taken up');
      return null;
    }
  }

  async #endLost(id: Id<'session'>, reason: string, by: Actor): Promise<void> {
    await this.#endAll(this.#needs.parts.record.rows(openChildren, id), reason, by, true);
    const { approvals, hands } = await this.#needs.rooms();
    await approvals.withdraw(id, reason);
    await hands.ended(id);
    const { started, opened } = this.#needs.row(id);
    const reviews = opened.reviewed === undefined && opened.folders.some(({ mode }) => mode === 'review');
    await putAway(this.#needs.parts, {
      session: id,
      folder: new SessionFolder(this.#needs.parts.data, id),
      rights: new SessionRights(this.#needs.parts.tokens, id),
      outcome: outcomeOfTurn('interrupted'),
      begun: new Date(started),
      underReview: reviews ? 'counted' : 'no',
      transcript: null,
      invoked: null,
    });
    this.#needs.gone(id);
  }

  async #endAll(
    children: readonly Readonly<Record<string, Cell>>[],
    reason: string,
    by: Actor,
    force: boolean,
  ): Promise<void> {
    await Promise.all(
      children.map(({ id }) =>
        this.end(String(id) as Id<'session'>, reason, by, force).catch((failure: unknown) =>
          this.#needs.parts.log.error({ err: failure, session: id }, 'a child could not be ended'),
        ),
      ),
    );
  }
}
