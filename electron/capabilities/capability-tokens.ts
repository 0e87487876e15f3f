import {
  type Capability,
  capabilitySchema,
  type DenialReason,
  type Limits,
} from '../../shared/capability.ts';
import { limitsSchema, unlimited } from '../../shared/capability.ts';
import { writeCapability } from '../../shared/capability/text.ts';
import type { Actor, Scope } from '../../shared/events/event.ts';
import type { Id } from '../../shared/ids.ts';
import { Problem } from '../../shared/problem.ts';
import type { AuditRecord } from '../audit/record.ts';
import type { Clock } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import type { Log } from '../base/log.ts';
import { Owner } from '../base/owner.ts';
import { type Act, actText } from './act.ts';
import { covers } from './covering.ts';
import { Denials } from './denials.ts';
import { Denied } from './denied.ts';
import { Endings, type Listener } from './endings.ts';
import { expiryOf, narrower } from './limits.ts';
import { depthOf, factsOf, type LiveToken, liveToken, type TokenFacts, withNarrowed } from './live-token.ts';
import { loadTokens } from './loading.ts';
import { TokenShelf } from './token-shelf.ts';
import { UseJournal } from './use-journal.ts';

/** Who asks, and with what. */
export interface Holder {
  readonly agent: string;
  readonly handle: string;
}

/** A token with the handle that its agent's room holds. The handle is nowhere on the record and dies with the process. */
export interface IssuedToken extends TokenFacts {
  readonly handle: string;
}

export interface TokenWish {
  readonly agent: string;
  readonly capability: Capability;
  readonly limits?: Limits;
  readonly scope?: Scope;
}

export interface CapabilityTokenParts {
  readonly record: Pick<AuditRecord, 'append' | 'appendAll' | 'rows'>;
  readonly clock: Clock;
  /** Unguessable bytes: the operating system's. */
  readonly random: (bytes: number) => Uint8Array;
  readonly log: Log;
}

/** How often a right may be handed on in a row. */
const deepest = 16;

/**
 * The rights that agents hold. A capability token is one right of one agent; the only way to have another
 * agent do something is to narrow it. (What lets a program call Holdfast itself is an access token, in the gateway.)
 */
export class CapabilityTokens {
  readonly #parts: CapabilityTokenParts;
  readonly #shelf = new TokenShelf();
  readonly #endings: Endings;
  readonly #journal: UseJournal;
  readonly #denials: Denials;
  readonly #owner = new Owner();

  constructor(parts: CapabilityTokenParts) {
    const { record, clock, log } = parts;
    this.#parts = parts;
    this.#journal = new UseJournal(record);
    this.#denials = new Denials(record, clock, log);
    this.#endings = new Endings(record, clock, log);
    this.#owner.own(() => this.#endings.close());
    this.#owner.own(() => this.#denials.close());
    this.#owner.own(() => this.#journal.close());
  }

  /** With the tokens that the record knows, their counts included; `held` gives them new handles. */
  static async open(parts: CapabilityTokenParts): Promise<CapabilityTokens> {
    const tokens = new CapabilityTokens(parts);
    await loadTokens(
      parts,
      () => tokens.#newHandle(),
      (token) => tokens.#keep(token),
    );
    return tokens;
  }

  async issue(wish: TokenWish, by: Actor): Promise<IssuedToken> {
    return this.#grant(wish, wish.limits ?? unlimited, null, by);
  }

  /** Another agent's part of a right: never more than the token it comes from, and gone with it. */
  async narrow(
    from: Holder,
    wish: { agent: string; capability?: Capability; limits?: Limits; scope?: Scope },
    by: Actor,
  ): Promise<IssuedToken> {
    const parent = this.#shelf.of(from.handle);
    const unfit = this.#unfit(from, parent);
    if (unfit || !parent) throw await this.#deny(from, unfit ?? 'unknown_token', `a token for ${wish.agent}`);
    const capability = wish.capability ?? parent.capability;
    const covered = covers(parent.capability, capability);
    const refusal = covered ? this.#usedUp(parent) : 'outside_grant';
    if (refusal) throw await this.#deny(from, refusal, writeCapability(capability));
    if (depthOf(parent) >= deepest) {
      throw new Problem(
        'too_many',
        `A right is handed on at most ${deepest} times.`,
        'Ask a person for a new one.',
      );
    }
    const limits = narrower(parent.limits, wish.limits ?? unlimited);
    return this.#grant({ ...wish, capability }, limits, parent, by);
  }

  /** Why not, or null. Charges nothing and writes nothing: for what is only shown or chosen from. */
  refusal({ agent, handle }: Holder, act: Act): DenialReason | null {
    const token = this.#shelf.of(handle);
    if (token?.granted !== true) return 'unknown_token';
    if (token.agent !== agent) return 'another_agents_token';
    if (token.ended !== null) return token.ended;
    const timed = token.expires !== Infinity || token.charged.length > 0;
    const now = timed ? this.#parts.clock.now().getTime() : 0;
    if (now >= token.expires) return 'expired';
    if (!token.matches(act)) return 'outside_grant';
    if (act.kind === 'file_write' && act.path.names !== 1) return 'several_names';
    for (const { count } of token.charged) {
      const refusal = count.refusal(now);
      if (refusal !== null) return refusal;
    }
    return null;
  }

  /**
   * The one way to an act: charges the token, durably, before it resolves; whatever becomes of the act,
   * the use is gone. A denial is on the record before it is thrown.
   */
  async authorize(holder: Holder, act: Act): Promise<TokenFacts> {
    const refusal = this.refusal(holder, act);
    const token = this.#shelf.of(holder.handle);
    if (refusal !== null || !token) throw await this.#deny(holder, refusal ?? 'unknown_token', actText(act));
    if (token.charged.length > 0) {
      await this.#journal.charge(token.charged, this.#parts.clock.now().getTime());
      // What ended while the charge was written is refused all the same.
      const late = this.#unfit(holder, token);
      if (late) throw await this.#deny(holder, late, actText(act));
    }
    return factsOf(token);
  }

  /** A handle of this agent that permits the act now. */
  handleFor(agent: string, act: Act): string | undefined {
    return this.#shelf.heldBy(agent).find(({ handle }) => this.refusal({ agent, handle }, act) === null)
      ?.handle;
  }

  /** What an agent holds now, with the handles: for the room that runs it, after a restart as well. */
  held(agent: string): IssuedToken[] {
    return this.#shelf
      .heldBy(agent)
      .filter((token) => this.#unfit(token, token) === null)
      .map(shownWithHandle);
  }

  /** Puts on the record that something was refused before it came to a token: a path that cannot be told for certain. */
  deny(holder: Holder, reason: DenialReason, asked: string, options?: ErrorOptions): Promise<Denied> {
    return this.#deny(holder, reason, asked, options);
  }

  /** At once and with all that was narrowed from it: listeners have heard of it when this returns its promise. */
  async revoke(token: Id<'capability'>, reason: string, by: Actor): Promise<void> {
    const found = this.#shelf.named(token);
    if (!found) throw new Problem('not_found', `There is no capability token “${token}”.`);
    await this.#endings.revoke(withNarrowed(found), reason, by);
  }

  async revokeAll(agent: string, reason: string, by: Actor): Promise<void> {
    const all = new Set(this.#shelf.heldBy(agent).flatMap(withNarrowed));
    await this.#endings.revoke([...all], reason, by);
  }

  /** Takes an agent's ended tokens out of memory; from then on they are unknown. */
  forget(agent: string): void {
    for (const token of this.#shelf.heldBy(agent)) if (token.ended) this.#shelf.remove(token);
  }

  /** Hears at once, before anything else happens, of tokens that end; the returned function ends it. */
  onEnded(listener: Listener): () => void {
    return this.#endings.listen(listener);
  }

  close(): Promise<void> {
    return this.#owner.close();
  }

  async #grant(wish: TokenWish, limits: Limits, parent: LiveToken | null, by: Actor): Promise<IssuedToken> {
    const { agent, scope = {} } = wish;
    const capability = capabilitySchema.parse(wish.capability);
    limitsSchema.parse(limits);
    const now = this.#parts.clock.now();
    if (expiryOf(limits) <= now.getTime()) {
      throw new Problem('invalid_input', 'The token would be over at once.', 'Let it expire later.');
    }
    const id = newId('capability', now);
    const handle = this.#newHandle();
    // It is on the shelf while it is written, so that revoking everything reaches it as well.
    const token = liveToken({ token: id, agent, capability, limits, scope, handle, parent });
    this.#keep(token);
    const data = { token: id, agent, capability: token.text, limits, parent: parent?.token ?? null };
    try {
      await this.#parts.record.append({ kind: 'capability.granted', actor: by, scope, data });
    } catch (thrown) {
      this.#endings.forget(token);
      this.#shelf.remove(token);
      throw thrown;
    }
    token.granted = true;
    if (token.ended) throw new Problem('conflict', `The token was ${token.ended} before it could be used.`);
    return shownWithHandle(token);
  }

  #keep(token: LiveToken): void {
    this.#shelf.add(token);
    this.#endings.watch(token);
  }

  #newHandle(): string {
    return `right_${Buffer.from(this.#parts.random(32)).toString('base64url')}`;
  }

  #unfit({ agent }: Holder, token: LiveToken | undefined): DenialReason | null {
    if (!token?.granted) return 'unknown_token';
    return token.agent === agent ? this.#ended(token) : 'another_agents_token';
  }

  #ended(token: LiveToken): 'revoked' | 'expired' | null {
    return token.ended ?? (this.#parts.clock.now().getTime() >= token.expires ? 'expired' : null);
  }

  #usedUp({ charged }: LiveToken): 'used_up' | null {
    const now = this.#parts.clock.now().getTime();
    return charged.some(({ count }) => count.refusal(now) === 'used_up') ? 'used_up' : null;
  }

  async #deny(holder: Holder, reason: DenialReason, asked: string, options?: ErrorOptions): Promise<Denied> {
    const token = this.#shelf.of(holder.handle);
    // Whose token it is in truth is not told under another agent's name.
    const own = token?.agent === holder.agent ? token : undefined;
    const denial = { token: token?.token ?? null, agent: holder.agent, capability: asked, reason };
    await this.#denials.note({ ...denial, scope: own?.scope ?? {} });
    return new Denied(reason, asked, options);
  }
}

function shownWithHandle(token: LiveToken): IssuedToken {
  return { ...factsOf(token), handle: token.handle };
}
