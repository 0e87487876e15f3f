import type { Approval, ApprovalDetail, Answer } from '../../shared/approval.ts';
import { waits } from '../../shared/approval.ts';
import type { Actor } from '../../shared/events/event.ts';
import type { Id } from '../../shared/ids.ts';
import { Problem } from '../../shared/problem.ts';
import type { Rule, RuleDraft } from '../../shared/rule.ts';
import { newId } from '../base/ids.ts';
import type { ApprovalParts } from './approval-parts.ts';
import type { Approvals, HowToDecide, PlannedCall, Verdict, VerdictBy } from './asking.ts';
import { Answering } from './queue/answering.ts';
import { ApprovalLook, type KnownApproval } from './queue/approval-look.ts';
import { askedEvent } from './queue/asking-events.ts';
import { ChangedApprovals } from './queue/changed-approvals.ts';
import { askedOf, bindingOf, oneLine, type Question } from './queue/question.ts';
import { verdictOf } from './queue/verdict.ts';
import { Waiters } from './queue/waiters.ts';
import { RuleTrials } from './rule-trials.ts';
import { Rules } from './rules.ts';
import { suggestionsFor } from './suggesting/suggestions.ts';
import { hashOf, weighedCall } from './weighing/call-parts.ts';
import { type Weighed, weigh } from './weighing/weigh.ts';

/** The one place that says whether a call may happen, and the queue of what waits for a person. */
export class HouseApprovals implements Approvals {
  readonly rules: Rules;
  readonly trials: RuleTrials;
  readonly #parts: ApprovalParts;
  readonly #look: ApprovalLook;
  readonly #waiters: Waiters;
  readonly #answering: Answering;
  readonly #changed = new ChangedApprovals();

  constructor(parts: ApprovalParts) {
    this.#parts = parts;
    this.rules = new Rules(parts);
    this.trials = new RuleTrials(parts, this.rules);
    this.#look = new ApprovalLook(parts.record, parts.log);
    this.#waiters = new Waiters(parts.clock);
    this.#answering = new Answering({
      ...parts,
      look: this.#look,
      waiters: this.#waiters,
      rules: this.rules,
      settled: (approval) => {
        this.#waiters.settle(approval);
        this.#changed.changed(approval);
      },
      deferred: (approval) => this.#changed.changed(approval),
      rulesChanged: () => void this.#weighAgain(),
    });
    for (const { approval } of this.#look.waiting()) this.#setTime(approval);
  }

  async decide(planned: PlannedCall, how: HowToDecide, signal: AbortSignal): Promise<Verdict> {
    signal.throwIfAborted();
    let call = planned;
    let waiting = await this.#left(planned);
    if (waiting && !waits(waiting.approval.state)) {
      const verdict = await this.#used(planned, waiting);
      if (verdict) return verdict;
      waiting = undefined;
    }
    for (;;) {
      const weighed = await this.#weigh(call);
      if (weighed.verdict !== 'ask' && !waiting) return this.#byRule(call, weighed);
      const asked = waiting?.approval.id ?? (await this.#ask(call, weighed));
      if (weighed.verdict !== 'ask') await this.#answering.byRule(asked, weighed);
      else if (how.unattended === 'deny') await this.#answering.denyUnattended(asked);
      if (waits(this.#look.named(asked).approval.state)) {
        how.put?.(asked);
        await this.#waiters.wait({ approval: asked, call, question: null }, signal);
      }
      const settled = this.#look.named(asked);
      if (settled.approval.state === 'withdrawn')
        throw new Problem('cancelled', settledWords(settled.approval));
      const verdict = await this.#used(call, settled);
      if (verdict) return verdict;
      // What it was allowed for has changed meanwhile: it is weighed and asked about as it is now.
      call = await asItIsNow(call);
      waiting = undefined;
    }
  }

  async question(asked: Parameters<Approvals['question']>[0], signal: AbortSignal): Promise<string> {
    const { call, session, agent, text, choices, free, put } = asked;
    const question = { text, choices: [...choices], free };
    const binding = hashOf(question);
    const before = this.#look.ofCall(call);
    let approval = before?.binding === binding ? before.approval.id : undefined;
    if (approval === undefined) {
      approval = newId('approval', this.#parts.clock.now());
      const whole: Question = {
        input: {},
        intents: [],
        crossings: [],
        level: null,
        parts: [],
        difference: null,
        executed: null,
        question,
      };
      const facts = {
        approval,
        session,
        agent,
        call,
        tool: 'ask_person',
        title: 'Question',
        folder: null,
        why: `${agent} asks you`,
        expires: this.#expiry(),
        binding,
      };
      const shown = {
        description: oneLine(text),
        whole: false,
        where: 'in Holdfast itself',
        question: whole,
      };
      await this.#parts.record.append(askedEvent('question', facts, shown));
      this.#asked(approval);
    }
    const known = this.#look.named(approval);
    if (waits(known.approval.state)) {
      put?.(approval);
      await this.#waiters.wait({ approval, call: null, question }, signal);
    }
    const { approval: settled, reply } = this.#look.named(approval);
    if (reply !== null) return reply;
    throw new Problem('cancelled', settledWords(settled));
  }

  async withdraw(of: Id<'session'> | Id<'call'>, reason: string): Promise<void> {
    const waiting = this.#look
      .waiting()
      .filter(({ approval: { session, call } }) => session === of || call === of);
    for (const { approval } of waiting) await this.#answering.withdraw(approval.id, reason);
  }

  list({ every, session, most }: { every: boolean; session?: string | undefined; most: number }): Approval[] {
    const known = every ? this.#look.newest(1000) : this.#look.waiting();
    return known
      .map(({ approval }) => approval)
      .filter((approval) => session === undefined || approval.session === session)
      .slice(0, most);
  }

  /** Each that waits, then each again when it changes. */
  async *watch(signal: AbortSignal): AsyncGenerator<Approval, void> {
    const changes = this.#changed.follow(signal);
    const first = changes.next();
    yield* this.#look.waiting().map(({ approval }) => approval);
    for (let next = await first; !next.done; next = await changes.next()) {
      yield this.#look.named(next.value).approval;
    }
  }

  async get(beginning: string): Promise<ApprovalDetail> {
    const known = this.#look.named(beginning);
    const { approval } = known;
    const question = await this.#look.question(known);
    const edited = (await this.#look.edited(known)) as ApprovalDetail['edited'];
    const suggestions =
      question && approval.kind === 'call' && waits(approval.state)
        ? await suggestionsFor({ ...approval, ...question }, this.rules)
        : [];
    return {
      ...approval,
      input: question?.input ?? null,
      edited,
      crossings: question?.crossings ?? [],
      level: question?.level ?? null,
      parts: question?.parts ?? [],
      difference: question?.difference ?? null,
      executed: question?.executed ?? null,
      binding: known.binding,
      question: question?.question ?? null,
      suggestions,
    };
  }

  answer(
    beginning: string,
    answer: Answer,
    input: Readonly<Record<string, unknown>> | undefined,
    by: Actor,
  ): Promise<Approval> {
    return this.#answering.answer(this.#look.named(beginning).approval.id, answer, input, by);
  }

  /** In the person's place, for a program whose token they gave that right: this one call and nothing that lasts. */
  answerFor(approval: string, answer: Answer, by: Actor): Promise<Approval> {
    return this.#answering.answerFor(this.#look.named(approval).approval.id, answer, by);
  }

  async addRule(draft: RuleDraft, by: Actor): Promise<Rule> {
    const rule = await this.rules.add(draft, by);
    void this.#weighAgain();
    return rule;
  }

  async close(): Promise<void> {
    this.#waiters.close(new Problem('unavailable', 'Holdfast stops; what waits goes on waiting.'));
    await this.rules.close();
  }

  async #weigh(call: PlannedCall): Promise<Weighed> {
    const { tool, level, crossings } = call;
    const facts = await weighedCall({ ...call, tool: tool.name });
    const asking = { level, crossings, action: tool.action, surface: tool.surface };
    return weigh(facts, asking, this.rules.inForce(), this.#parts.clock.now().getTime());
  }

  #byRule(call: PlannedCall, { verdict, who, rules, words }: Weighed): Verdict {
    this.rules.use(rules, { ...call, tool: call.tool.name });
    const by: VerdictBy = { who, rule: rules[0]?.id ?? null, approval: null, words };
    if (verdict === 'allow') return { may: true, input: call.input, by };
    return { may: false, reason: `A rule of the person at this machine forbids it: ${words}.`, by };
  }

  async #ask(call: PlannedCall, weighed: Weighed): Promise<Id<'approval'>> {
    const approval = newId('approval', this.#parts.clock.now());
    const facts = {
      approval,
      session: call.session,
      agent: call.agent,
      call: call.call,
      tool: call.tool.name,
      title: call.tool.title,
      folder: call.folder,
      why: weighed.words,
      expires: this.#expiry(),
      binding: bindingOf(call),
    };
    await this.#parts.record.append(askedEvent('call', facts, askedOf(call, weighed)));
    this.#asked(approval);
    return approval;
  }

  #asked(approval: Id<'approval'>): void {
    this.#setTime(this.#look.named(approval).approval);
    this.#changed.changed(approval);
  }

  /** What was asked about this call in an earlier life, unless it was about something else. */
  async #left(call: PlannedCall): Promise<KnownApproval | undefined> {
    const before = this.#look.ofCall(call.call);
    if (!before || before.approval.state === 'withdrawn') return undefined;
    if (!waits(before.approval.state) || before.binding === bindingOf(call)) return before;
    await this.#answering.withdraw(before.approval.id, 'what it asked about has changed');
    return undefined;
  }

  /** What an answer makes of a call, or null where it was given for something else, or withdrawn. */
  async #used(call: PlannedCall, known: KnownApproval): Promise<Verdict | null> {
    const { approval } = known;
    const ruleWords = (rule: Id<'rule'>) => this.rules.named(rule).words;
    if (approval.state !== 'granted') {
      return known.binding === bindingOf(call) ? verdictOf(approval, call.input, ruleWords) : null;
    }
    const granted = approval.settled?.edited === true ? await this.#edited(call, known) : call;
    if (granted === null) return null;
    const now = await asItIsNow(granted);
    if (bindingOf(now) !== (known.settledBinding ?? known.binding)) return null;
    return verdictOf(approval, now.input, ruleWords);
  }

  async #edited(call: PlannedCall, known: KnownApproval): Promise<PlannedCall | null> {
    const input = await this.#answering.edited(known);
    if (input === null || !call.edited) return null;
    return call.edited(input);
  }

  #expiry(): string | null {
    const minutes = this.#parts.expireMinutes();
    return minutes === null
      ? null
      : new Date(this.#parts.clock.now().getTime() + minutes * 60_000).toISOString();
  }

  #setTime({ id, expires }: Approval): void {
    if (expires !== null) this.#waiters.at(id, expires, () => void this.#answering.expire(id));
  }

  /** A new rule answers what waits as well; a call that changed meanwhile is asked about again by itself. */
  async #weighAgain(): Promise<void> {
    for (const { approval, call } of this.#waiters.all()) {
      if (!call) continue;
      try {
        const weighed = await this.#weigh(call);
        if (weighed.verdict !== 'ask') await this.#answering.byRule(approval, weighed);
      } catch (failure) {
        // It goes on waiting for a person.
        this.#parts.log.warn({ err: failure, approval }, 'what waits could not be answered by a new rule');
      }
    }
  }
}

async function asItIsNow(call: PlannedCall): Promise<PlannedCall> {
  return call.now ? { ...call, ...(await call.now()) } : call;
}

function settledWords({ state, settled }: Approval): string {
  if (state === 'expired') return 'Nobody answered in time.';
  return `The question was not answered: ${settled?.reason ?? 'it was declined'}.`;
}
