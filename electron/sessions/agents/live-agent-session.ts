import type { Activity } from '../../../shared/agent-session.ts';
import type { ContentPart, ModelRef } from '../../../shared/conversation.ts';
import type { Actor } from '../../../shared/events/event.ts';
import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import { AgentLoop, type TurnEnd } from '../../agents/agent-loop.ts';
import { Conversation } from '../../agents/conversation.ts';
import { checkInput } from '../../agents/input-check.ts';
import { Interrupted } from '../../agents/interrupted.ts';
import { scaffoldModel } from '../../agents/scaffold-models.ts';
import type { CallGround } from '../../agents/call-ground.ts';
import type { Settlement } from '../../agents/journal.ts';
import type { PlannedCall } from '../../approvals/asking.ts';
import type { LiveLook } from '../agent-session-row.ts';
import type { AgentSessionFacts } from './facts.ts';
import { groundOf } from './ground.ts';
import type { HowToEnd, LiveNeeds } from './live-needs.ts';
import { loopParts, LoopTie } from './loop-parts.ts';
import { Rests } from './rests.ts';
import { SessionNewsDesk } from './session-news.ts';
import { type Waiting, WaitingCalls } from './waiting-calls.ts';

/** So long what is told to end may take for it. */
const patience = 3000;

/** One session with an agent at work: its conversation, its loop, and what they work with. */
export class LiveAgentSession {
  readonly needs: LiveNeeds;
  readonly conversation = new Conversation();
  readonly desk: SessionNewsDesk;
  readonly #ground: CallGround;
  readonly #hurry = Promise.withResolvers<void>();
  readonly #forgetSandbox: () => void;
  #loop: AgentLoop;
  #tie = new LoopTie();
  readonly #waits = new WaitingCalls();
  readonly #rests = new Rests();
  #paused: boolean;
  #working: Promise<void> | null = null;
  #turn = new AbortController();
  #over = false;
  #trouble: string | null = null;
  /** What it is about to be: told before the record has it. */
  #suspended: { why: Extract<Activity, 'unsure' | 'out_of_budget'>; reason: string } | null = null;

  constructor(needs: LiveNeeds) {
    this.needs = needs;
    this.#paused = needs.paused;
    this.desk = new SessionNewsDesk(needs.parts.clock, needs.changed, () => needs.parts.vault.values());
    this.conversation.apply(needs.entries);
    this.#ground = groundOf(this, (call, approval) =>
      this.waitsFor(call, approval && { approval, words: 'your approval' }),
    );
    this.#loop = this.#newLoop();
    this.#forgetSandbox = needs.sandbox.onLost((why) => void this.#sandboxLost(why));
  }

  get facts(): AgentSessionFacts {
    return this.needs.facts;
  }

  get id(): Id<'session'> {
    return this.needs.facts.id;
  }

  get isWorking(): boolean {
    return this.#working !== null;
  }

  get isPaused(): boolean {
    return this.#paused;
  }

  /** How many questions of its wait for a person: what may be done, and what was. */
  get asks(): number {
    return this.#waits.size + (this.#suspended?.why === 'unsure' ? 1 : 0);
  }

  get look(): LiveLook {
    const { sandbox } = this.needs;
    const waits = this.#waits.words;
    const working = this.isWorking && !this.#suspended ? 'working' : null;
    const activity: Activity | null = waits === null ? (working ?? this.#suspended?.why ?? null) : 'waiting';
    const detail =
      waits ?? sandbox.progress ?? this.desk.waitingFor ?? this.#trouble ?? this.#suspended?.reason ?? null;
    return { activity, detail, sandboxed: sandbox.stands };
  }

  /** The question that a call waits for; null: it does not wait. */
  approvalOf(call: Id<'call'>): Id<'approval'> | null {
    return this.#waits.approvalOf(call);
  }

  /** A call waits for the person from now on, or no more. */
  waitsFor(call: Id<'call'>, waiting: Waiting | null): void {
    if (this.#waits.set(call, waiting)) this.needs.changed();
  }

  /** A call of the last answer that has not begun, as it would be made; null where there is none. */
  async planned(call: Id<'call'>): Promise<PlannedCall | null> {
    const state = this.conversation.call(call);
    const tool = state && this.#ground.tool(state.part.tool);
    if (!tool || state.invoked || state.finished) return null;
    const checked = checkInput(tool, state.part.input, state.part.malformed);
    return checked.ok ? this.#ground.planned(call, tool, checked.input) : null;
  }

  /** Into the inbox; resolves when it is durable. */
  async send(parts: readonly ContentPart[], from: string, by: Actor): Promise<number> {
    if (this.#over) throw new Problem('conflict', 'The session has ended.', 'Open another one.');
    const written = await this.needs.journal.writeAs([{ kind: 'message', way: 'inbox', from, parts }], by);
    this.conversation.apply(written);
    this.needs.changed();
    this.wake();
    return written[0]?.seq ?? 0;
  }

  /** Goes on with what there is to do, unless somebody has paused it. */
  wake(): void {
    if (this.#paused || this.#over || this.#working) return;
    this.#suspended = null;
    this.#trouble = null;
    this.#turn = new AbortController();
    const working = this.#work(this.#turn.signal).finally(() => {
      // It was left behind: others work by now.
      if (this.#working !== working) return;
      this.#working = null;
      this.needs.changed();
      // What arrived in the last moment is taken up as well.
      if (!this.#suspended && !this.#trouble && !this.#turn.signal.aborted && this.#hasWork()) this.wake();
    });
    this.#working = working;
    this.needs.changed();
  }

  async pause(by: Actor): Promise<void> {
    if (this.#paused) return;
    this.#paused = true;
    this.#loop.pause();
    // Before it rests: a life that ends meanwhile does not forget it.
    await this.turned('paused', 'a person paused it', by);
  }

  async resume(by: Actor): Promise<void> {
    const rests = this.#paused || this.#suspended !== null;
    this.#paused = false;
    this.#loop.goOn();
    // What is at work goes on by itself, however long it takes; what rests is let rest first.
    if (this.#suspended !== null) await this.#working;
    if (rests) await this.turned(this.conversation.turn ? 'working' : 'idle', 'a person let it go on', by);
    this.wake();
  }

  /**
   * Ends the turn that it is at; resolves when that is on the record. What does not end when it is told to loses its
   * sandbox, and what does not end even then is left behind, and nothing of it counts.
   */
  async interrupt(reason: string): Promise<void> {
    this.#turn.abort(new Interrupted(reason, false));
    await this.#rest(patience, null);
    if (this.isWorking) {
      const { sandbox } = this.needs;
      if (sandbox.session === this.id)
        void sandbox.takeDown('what ran in it did not end when it was told to');
      await this.#rest(patience, null);
    }
    if (this.isWorking) await this.#leaveBehind();
    if (!this.conversation.turn || this.#over) return;
    // A turn that rests, since it is unsure or out of budget, is ended as well; nothing else is taken up meanwhile.
    this.#loop.goOn();
    const { length } = this.conversation.waiting;
    const turn = this.#loop.turn(this.#turn.signal);
    const ending = turn.then(
      () => undefined,
      () => undefined,
    );
    this.#working = ending;
    await ending;
    if (this.#working === ending) this.#working = null;
    await turn;
    this.#suspended = null;
    this.needs.changed();
    if (this.conversation.waiting.length > length) this.wake();
  }

  /** What becomes of a call whose effect is unknown. */
  async settle(call: Id<'call'>, decision: Settlement, by: Actor): Promise<void> {
    const state = this.conversation.call(call);
    if (!state?.doubted || state.finished || state.settled) {
      throw new Problem('conflict', 'Nobody has to say what becomes of this call.');
    }
    const entry = { kind: 'settled', call, tool: state.part.tool, decision } as const;
    this.conversation.apply(await this.needs.journal.writeAs([entry], by));
    if (this.conversation.openCalls.some(({ doubted, settled }) => doubted && !settled)) {
      await this.turned('unsure', 'the effect of another call is unknown', by);
      return;
    }
    this.wake();
  }

  /** Resolves when a turn has finished, or the session has ended. */
  untilRest(
    signal: AbortSignal,
    counts: (end: TurnEnd) => boolean = ({ how }) => how === 'finished',
  ): Promise<TurnEnd | 'ended'> {
    return this.#over && !signal.aborted ? Promise.resolve('ended') : this.#rests.next(signal, counts);
  }

  /** Whoever ends it waits for nothing any more. */
  hurry(): void {
    this.#hurry.resolve();
  }

  /**
   * Nothing more is taken up. A call that runs has the grace to end; then what runs is cut short, and gone on with by
   * another life where it `goesOn`. What does not end even then is left behind, and nothing of it counts.
   */
  async end(reason: string, { goesOn, grace, force, kill }: HowToEnd): Promise<void> {
    this.#over = true;
    this.#forgetSandbox();
    if (grace > 0 && this.#callRuns) {
      this.#loop.pause();
      await this.#rest(grace);
    }
    this.#turn.abort(new Interrupted(reason, goesOn));
    if (force) void kill();
    await this.#rest(patience, null);
    if (this.isWorking) {
      void kill();
      await this.#rest(patience, null);
    }
    if (this.isWorking) await this.#leaveBehind();
    if (!goesOn && this.conversation.turn) {
      this.#loop.goOn();
      await this.#loop.turn(AbortSignal.abort(new Interrupted(reason, false)));
    }
    this.#rests.tell('ended');
  }

  async turned(activity: Activity, reason: string, by: Actor): Promise<void> {
    const { id, agent } = this.needs.facts;
    const scope = { session: id, agent: agent.name };
    await this.needs.parts.record.append({
      kind: 'session.turned',
      actor: by,
      scope,
      data: { activity, reason },
    });
    this.needs.changed();
  }

  /** The words of the last answer. */
  get response(): string {
    const last = this.conversation.items.findLast((item) => item.kind === 'answer');
    return (last?.message.parts ?? []).map((part) => (part.kind === 'text' ? part.text : '')).join('');
  }

  async chain(): Promise<readonly [ModelRef, ...ModelRef[]]> {
    const { changeable, facts, rooms } = this.needs;
    if (facts.agent.scaffold) return [scaffoldModel(facts.agent.scaffold)];
    const [first, ...others] = [...(changeable.model ? [changeable.model] : []), ...facts.agent.models];
    return first === undefined ? [await rooms.models.defaultModel()] : [first, ...others];
  }

  /** What does not end works for nobody from here on; what it had written counts still. */
  async #leaveBehind(): Promise<void> {
    const { writing } = this.#tie;
    this.#tie.isCut = true;
    this.#loop = this.#newLoop();
    this.#working = null;
    this.#waits.clear();
    await writing;
  }

  async #work(signal: AbortSignal): Promise<void> {
    const tie = this.#tie;
    try {
      for (;;) {
        const end = await this.#loop.turn(signal);
        if (!end) return;
        await this.#rested(end);
        this.#rests.tell(end);
        if (end.how === 'suspended' || this.#paused || signal.aborted) return;
      }
    } catch (thrown) {
      if (tie.isCut) return;
      const problem = Problem.of(thrown);
      this.#trouble = problem.message;
      this.needs.parts.log.error({ err: thrown, session: this.id }, 'a session with an agent cannot go on');
      const end: TurnEnd = { how: 'finished', stopReason: `error: ${problem.message}`, iterations: 0 };
      this.#rests.tell(end);
    }
  }

  async #rested(end: TurnEnd): Promise<void> {
    const by: Actor = { kind: 'system' };
    if (end.how === 'finished') {
      if (this.#paused && !this.#over) await this.turned('paused', 'a person paused it', by);
      return this.needs.changed();
    }
    if (end.why === 'stopping' || this.#over) return;
    if (end.why === 'paused') return this.needs.changed();
    this.#suspended = { why: end.why, reason: end.reason };
    await this.turned(end.why, end.reason, by);
  }

  /** A tool does something now, and nobody is waited for. */
  get #callRuns(): boolean {
    return (
      this.isWorking &&
      this.conversation.openCalls.some(
        ({ invoked, doubted, part }) => invoked && !doubted && !this.#waits.has(part.call),
      )
    );
  }

  #newLoop(): AgentLoop {
    this.#tie = new LoopTie();
    return new AgentLoop(loopParts(this, this.#ground, this.#tie));
  }

  /** Until nothing works any more, or so long. */
  async #rest(milliseconds: number, hurry: Promise<void> | null = this.#hurry.promise): Promise<void> {
    if (!this.#working) return;
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const forget = this.needs.parts.clock.after(milliseconds, resolve);
    await Promise.race([this.#working, over, ...(hurry ? [hurry] : [])]);
    forget();
  }

  /** The model hears of it before its next step. */
  async #sandboxLost(reason: string): Promise<void> {
    if (this.#over) return;
    try {
      this.conversation.apply(await this.needs.journal.write([{ kind: 'sandbox_ended', reason }]));
    } catch (failure) {
      this.needs.parts.log.error({ err: failure, session: this.id }, 'a lost sandbox could not be told');
    }
  }

  #hasWork(): boolean {
    return this.conversation.turn !== null || this.conversation.waiting.length > 0;
  }
}
