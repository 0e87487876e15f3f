import { type Answer, type Approval, waits } from '../../../shared/approval.ts';
import type { Draft } from '../../../shared/events/catalogue.ts';
import type { Actor } from '../../../shared/events/event.ts';
import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import type { ApprovalParts } from '../approval-parts.ts';
import type { Rules } from '../rules.ts';
import { weighedCall } from '../weighing/call-parts.ts';
import type { LiveRule } from '../weighing/live-rule.ts';
import { type Weighed, weigh } from '../weighing/weigh.ts';
import type { ApprovalLook, KnownApproval } from './approval-look.ts';
import { jsonBlob } from './asking-events.ts';
import { bindingOf } from './question.ts';
import { checkReply, refuseSettled } from './refusing.ts';
import { rulesOfAnswer } from './rules-of-answer.ts';
import type { Waiters } from './waiters.ts';

export interface AnsweringNeeds extends ApprovalParts {
  readonly look: ApprovalLook;
  readonly waiters: Waiters;
  readonly rules: Rules;
  readonly settled: (approval: Id<'approval'>) => void;
  readonly deferred: (approval: Id<'approval'>) => void;
  readonly rulesChanged: () => void;
}

type Input = Readonly<Record<string, unknown>>;
const system: Actor = { kind: 'system' };

/** Settles approvals, one answer at a time for each: the first one that is on the record counts. */
export class Answering {
  readonly #needs: AnsweringNeeds;
  readonly #busy = new Map<string, Promise<unknown>>();
  /** What was allowed instead, as it was given: on the record secrets are replaced. */
  readonly #edited = new Map<string, Input>();

  constructor(needs: AnsweringNeeds) {
    this.#needs = needs;
  }

  answer(id: Id<'approval'>, answer: Answer, input: Input | undefined, by: Actor): Promise<Approval> {
    if (by.kind !== 'operator') {
      throw new Problem('forbidden', 'Only the person at this machine answers.');
    }
    return this.#answered(id, answer, input, by);
  }

  /** By an outside program that may; never by an agent, and never so that a rule comes of it. */
  answerFor(id: Id<'approval'>, answer: Answer, by: Actor): Promise<Approval> {
    if (by.kind !== 'client' || !['once', 'deny', 'reply'].includes(answer.kind)) {
      throw new Problem('forbidden', 'Only the person at this machine answers so.');
    }
    return this.#answered(id, answer, undefined, by);
  }

  #answered(id: Id<'approval'>, answer: Answer, input: Input | undefined, by: Actor): Promise<Approval> {
    return this.#alone(id, async () => {
      const { approval } = this.#needs.look.named(id);
      if (!waits(approval.state)) throw refuseSettled(approval);
      await this.#settle(approval, answer, input, by);
      return this.#needs.look.named(id).approval;
    });
  }

  async edited(known: KnownApproval): Promise<Input | null> {
    return this.#edited.get(known.approval.id) ?? (await this.#needs.look.edited(known));
  }

  withdraw(approval: Id<'approval'>, reason: string): Promise<void> {
    return this.#quietly(approval, { kind: 'approval.withdrawn', actor: system, data: { approval, reason } });
  }

  expire(approval: Id<'approval'>): Promise<void> {
    return this.#quietly(approval, { kind: 'approval.expired', actor: system, data: { approval } }).catch(
      (failure: unknown) =>
        this.#needs.log.warn({ err: failure, approval }, 'that nobody answered in time is not recorded'),
    );
  }

  denyUnattended(approval: Id<'approval'>): Promise<void> {
    const reason = 'It would have to be allowed by a person, and this session was told not to wait for one.';
    return this.#quietly(approval, {
      kind: 'approval.denied',
      actor: system,
      data: { approval, reason, how: 'unattended' },
    });
  }

  byRule(approval: Id<'approval'>, { verdict, words, rules }: Weighed): Promise<void> {
    const data = { approval, how: 'rule' as const, rules: rules.map(({ id }) => id).slice(0, 50) };
    return this.#quietly(
      approval,
      verdict === 'allow'
        ? { kind: 'approval.granted', actor: system, data }
        : { kind: 'approval.denied', actor: system, data: { ...data, reason: words.slice(0, 2000) } },
    );
  }

  async #settle(approval: Approval, answer: Answer, input: Input | undefined, by: Actor): Promise<void> {
    const { id } = approval;
    if (input !== undefined && !['once', 'session', 'always'].includes(answer.kind)) {
      throw new Problem('invalid_input', 'Other arguments go with allowing only.');
    }
    switch (answer.kind) {
      case 'reply':
        checkReply(approval, answer.text, await this.#question(id));
        return this.#write(approval, [
          { kind: 'approval.answered', actor: by, data: { approval: id, text: answer.text } },
        ]);
      case 'deny':
        return this.#write(approval, [
          { kind: 'approval.denied', actor: by, data: { approval: id, reason: answer.reason, how: 'deny' } },
        ]);
      case 'not_now': {
        if (approval.state === 'deferred') return;
        const scope = { session: approval.session, agent: approval.agent };
        await this.#needs.record.append({
          kind: 'approval.deferred',
          actor: by,
          scope,
          data: { approval: id },
        });
        return this.#needs.deferred(id);
      }
      case 'once':
      case 'session':
      case 'always':
        return this.#grant(approval, answer, input, by);
    }
  }

  async #grant(
    approval: Approval,
    answer: Extract<Answer, { kind: 'once' | 'session' | 'always' }>,
    input: Input | undefined,
    by: Actor,
  ): Promise<void> {
    const { id } = approval;
    if (approval.kind === 'question') {
      throw new Problem(
        'invalid_input',
        'This is a question: it wants an answer in words.',
        'Reply to it, or decline.',
      );
    }
    const edited = input === undefined ? null : await this.#checkEdit(approval, input);
    const rules = await rulesOfAnswer(answer, approval, input, this.#needs);
    const data = {
      approval: id,
      how: answer.kind,
      rules: rules.map((rule) => rule.id),
      edited: edited !== null,
      ...(edited === null ? {} : { binding: edited }),
    };
    const granted: Draft = {
      kind: 'approval.granted',
      actor: by,
      data,
      ...(input === undefined ? {} : { blobs: [jsonBlob('input.json', input)] }),
    };
    if (input !== undefined) this.#edited.set(id, input);
    await this.#write(approval, [...this.#ruleDrafts(rules, by, id), granted]);
    if (rules.length === 0) return;
    this.#needs.rules.changed();
    this.#needs.rulesChanged();
  }

  #ruleDrafts(rules: readonly LiveRule[], by: Actor, approval: Id<'approval'>): Draft[] {
    return rules.map((rule) => this.#needs.rules.draft(rule, by, approval));
  }

  /** What was asked, also where nobody waits for it in this life yet. */
  async #question(id: Id<'approval'>) {
    const { waiters, look } = this.#needs;
    const waiter = waiters.of(id);
    return waiter ? waiter.question : ((await look.question(look.named(id)))?.question ?? null);
  }

  /** The binding of the call with other arguments, after its tool and the rules that deny have looked at them. */
  async #checkEdit({ id, session, call: of }: Approval, input: Input): Promise<string> {
    const { waiters, planned } = this.#needs;
    const call = waiters.of(id)?.call ?? (await planned?.(session, of));
    if (!call?.edited) {
      throw new Problem(
        'unavailable',
        'Its arguments cannot be changed now: the agent is not there to check them.',
        'Allow it as it is, or deny it and say what you want instead.',
      );
    }
    const edited = await call.edited(input);
    const { level, crossings, tool } = edited;
    const facts = await weighedCall({ ...edited, tool: tool.name });
    const asking = { level, crossings, action: tool.action, surface: tool.surface };
    const { verdict, words } = weigh(
      facts,
      asking,
      this.#needs.rules.inForce(),
      this.#needs.clock.now().getTime(),
    );
    if (verdict === 'deny') {
      throw new Problem(
        'forbidden',
        `With these arguments it is ${words}.`,
        'Change them, or remove the rule first.',
      );
    }
    return bindingOf(edited);
  }

  async #write({ id, session, agent }: Pick<Approval, 'id' | 'session' | 'agent'>, drafts: readonly Draft[]) {
    await this.#needs.record.appendAll(drafts.map((draft) => ({ scope: { session, agent }, ...draft })));
    this.#needs.settled(id);
  }

  /** What nobody has to hear a refusal of: where it is settled already, nothing happens. */
  #quietly(id: Id<'approval'>, draft: Draft): Promise<void> {
    return this.#alone(id, async () => {
      const { approval } = this.#needs.look.named(id);
      if (waits(approval.state)) await this.#write(approval, [draft]);
    });
  }

  async #alone<Result>(id: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#busy.get(id);
    const mine = (async () => {
      await before?.catch(() => undefined);
      return work();
    })();
    this.#busy.set(id, mine);
    try {
      return await mine;
    } finally {
      if (this.#busy.get(id) === mine) this.#busy.delete(id);
    }
  }
}
