import type { Agent } from '../../../shared/agent.ts';
import type { ContentPart } from '../../../shared/conversation.ts';
import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Approvals, Verdict } from '../../approvals/asking.ts';
import type { Clock } from '../../base/clock.ts';
import { Denied } from '../../capabilities/denied.ts';
import type { Tool, ToolResult } from '../../tools/tool.ts';
import type { CallGround } from '../call-ground.ts';
import type { CallState, Conversation } from '../conversation.ts';
import { Interrupted, interruptionOf } from '../interrupted.ts';
import type { Journal, JournalEntry } from '../journal.ts';
import { boundedResult, problemResult } from './bounded-result.ts';
import { callHash } from '../call-hash.ts';
import { checkInput } from '../input-check.ts';

export interface CallParts {
  readonly agent: Agent;
  readonly conversation: Conversation;
  readonly journal: Journal;
  readonly approvals: Approvals;
  readonly clock: Clock;
  readonly ground: CallGround;
}

type Finished = Extract<JournalEntry, { kind: 'finished' }>;

const givenUp =
  'It had begun and was given up: whether it was done is unknown. Look at what there is before you do it again.';

/** Beyond so many times the limit at which it is told, the same call is refused. */
const patience = 3;

/** The calls of one answer: checked, allowed, intended, carried out, and their results written down. */
export class CallsAtWork {
  readonly #parts: CallParts;

  constructor(parts: CallParts) {
    this.#parts = parts;
  }

  /** Carries out what can be, until it is to rest; gives the calls of which nobody knows whether they happened. */
  async run(
    open: readonly CallState[],
    signal: AbortSignal,
    isToRest: () => boolean,
  ): Promise<readonly CallState[]> {
    const doubtful = open.filter((call) => this.#isDoubtful(call));
    if (doubtful.length > 0) {
      const told = doubtful.filter(({ doubted }) => !doubted);
      await this.#write(told.map(({ part }) => ({ kind: 'doubted', call: part.call, tool: part.tool })));
      return doubtful;
    }
    for (const group of this.#groups(open)) {
      if (signal.aborted) throw interruptionOf(signal);
      if (isToRest()) return [];
      const ended = await Promise.allSettled(group.map((call) => this.#one(call, signal)));
      const failed = ended.find((one) => one.status === 'rejected');
      if (failed) throw failed.reason;
    }
    return [];
  }

  /** Each of them gets a result that says why it was not carried out. */
  async refuse(open: readonly CallState[], reason: string): Promise<void> {
    for (const { part } of open) await this.#parts.approvals.withdraw(part.call, reason);
    for (const call of open) if (call.invoked) await this.#parts.ground.dropped(call.part.call, reason);
    await this.#write(
      open.map(({ part, invoked }) =>
        this.#refusal(part.call, part.tool, invoked ? `${reason} ${givenUp}` : reason, invoked === null),
      ),
    );
  }

  /** Its intent is on the record and its end is not, it cannot simply be done again, and nobody has said what to do. */
  #isDoubtful({ invoked, settled, part }: CallState): boolean {
    if (!invoked || settled) return false;
    return !(invoked.repeatable && this.#parts.ground.tool(part.tool)?.repeatable === true);
  }

  /** Neighbours that are all parallel-safe run side by side, the others in order. */
  #groups(open: readonly CallState[]): CallState[][] {
    const groups: CallState[][] = [];
    let beside = false;
    for (const call of open) {
      const parallel = this.#parts.ground.tool(call.part.tool)?.parallel === true;
      if (parallel && beside) groups.at(-1)?.push(call);
      else groups.push([call]);
      beside = parallel;
    }
    return groups;
  }

  async #one(call: CallState, signal: AbortSignal): Promise<void> {
    const { part, invoked, settled } = call;
    if (invoked && settled !== null && settled !== 'redo') {
      const skip = settled === 'skip';
      await this.#parts.ground.dropped(part.call, 'a person settled the call that started it');
      return this.#write([
        this.#refusal(
          part.call,
          part.tool,
          skip
            ? 'Holdfast was stopped while this ran. A person looked, and says: take it as done.'
            : 'Holdfast was stopped while this ran. A person looked, and says: take it as failed.',
          false,
          skip,
        ),
      ]);
    }
    const tool = this.#parts.ground.tool(part.tool);
    if (!tool) {
      const names = this.#parts.ground.toolNames().join(', ');
      return this.#refused(call, `There is no tool “${part.tool}” here. There are: ${names || 'none'}.`);
    }
    if (invoked?.input) {
      const { decidedBy, approval } = invoked;
      return this.#carryOut(call, tool, invoked.input, { words: decidedBy, approval }, null, signal);
    }
    await this.#first(call, tool, signal);
  }

  async #first(call: CallState, tool: Tool, signal: AbortSignal): Promise<void> {
    const { ground } = this.#parts;
    const { part } = call;
    const checked = checkInput(tool, part.input, part.malformed);
    if (!checked.ok) return this.#refused(call, checked.problem);
    try {
      await ground.authorize(tool.name);
    } catch (thrown) {
      if (!(thrown instanceof Denied)) throw thrown;
      return this.#refused(call, thrown.message);
    }
    const { skills } = this.#parts.conversation.turn ?? {};
    const refusal = skills ? await ground.refusal(tool, checked.input, skills) : null;
    if (refusal !== null) return this.#refused(call, refusal);
    const repeats = await this.#countRepeat(tool.name, part.input);
    if (repeats.stopped) return this.#refused(call, repeats.hint ?? 'It was repeated too often.');
    const verdict = await this.#decided(call, tool, checked.input, signal);
    const { by } = verdict;
    if (!verdict.may) return this.#refused(call, verdict.reason, by);
    const again = checkInput(tool, verdict.input);
    if (!again.ok) return this.#refused(call, again.problem, by);
    await this.#carryOut(call, tool, again.input, by, repeats.hint, signal);
  }

  async #decided(
    { part }: CallState,
    tool: Tool,
    input: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<Verdict> {
    const { ground, approvals } = this.#parts;
    const planned = await ground.planned(part.call, tool, input);
    const put = (approval: Id<'approval'>) => ground.waits(part.call, approval);
    try {
      return await approvals.decide(planned, { unattended: ground.unattended(), put }, signal);
    } catch (thrown) {
      throw signal.aborted ? interruptionOf(signal) : thrown;
    } finally {
      ground.waits(part.call, null);
    }
  }

  async #carryOut(
    { part }: CallState,
    tool: Tool,
    input: Readonly<Record<string, unknown>>,
    by: { readonly words: string; readonly approval: Id<'approval'> | null },
    hint: string | null,
    signal: AbortSignal,
  ): Promise<void> {
    const { ground, clock } = this.#parts;
    const surface = ground.surfaceOf(tool);
    const { call } = part;
    const preview = tool.preview(input).slice(0, 2000).toWellFormed();
    const { words: decidedBy, approval } = by;
    const { name, repeatable } = tool;
    await this.#write([
      { kind: 'invoked', call, tool: name, input, preview, surface, repeatable, decidedBy, approval },
    ]);
    const begun = clock.now();
    const result = await this.#result(call, tool, input, signal);
    const milliseconds = Math.max(0, clock.now().getTime() - begun.getTime());
    const { content, ok, shown = null } = boundedResult(result, hint);
    await this.#write([
      {
        kind: 'finished',
        call,
        tool: name,
        ok,
        content,
        shown,
        surface,
        milliseconds,
        denied: false,
        decidedBy,
        approval,
      },
    ]);
  }

  async #result(
    call: Id<'call'>,
    tool: Tool,
    input: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<ToolResult> {
    try {
      return await tool.run(input, this.#parts.ground.hands(call, tool, signal), signal);
    } catch (thrown) {
      const interruption = signal.aborted ? interruptionOf(signal) : null;
      // The next life does it again, and finds what it had asked or started.
      if (interruption?.goesOn && tool.repeatable) throw interruption;
      // Its own end is known: it was told to stop. What it had done by then, the model is told to look at.
      if (interruption)
        return problemResult(new Interrupted('It was interrupted; it may be half done.', false));
      return problemResult(Problem.of(thrown));
    }
  }

  /** The same call over and over is told to the model, and then refused. */
  async #countRepeat(tool: string, input: unknown): Promise<{ hint: string | null; stopped: boolean }> {
    const { agent, conversation } = this.#parts;
    const inputHash = callHash(tool, input);
    const attempts = (conversation.turn?.repeats.get(inputHash) ?? 0) + 1;
    if (attempts < agent.limits.repeats) return { hint: null, stopped: false };
    const stopped = attempts >= agent.limits.repeats * patience;
    await this.#write([{ kind: 'repeated', tool, inputHash, attempts, stopped }]);
    const hint = stopped
      ? `This call was made ${attempts} times the same way and is not carried out any more. Do something else, or say what keeps you.`
      : `[This same call was made ${attempts} times in this turn. If its result does not help, try another way.]`;
    return { hint, stopped };
  }

  async #refused(
    { part }: CallState,
    reason: string,
    by: { readonly words: string; readonly approval: Id<'approval'> | null } | null = null,
  ): Promise<void> {
    await this.#write([this.#refusal(part.call, part.tool, reason, true, false, by)]);
  }

  #refusal(
    call: Id<'call'>,
    tool: string,
    reason: string,
    denied: boolean,
    ok = false,
    by: { readonly words: string; readonly approval: Id<'approval'> | null } | null = null,
  ): Finished {
    const content: ContentPart[] = [{ kind: 'text', text: reason }];
    const decided = { decidedBy: by?.words ?? null, approval: by?.approval ?? null };
    return {
      kind: 'finished',
      call,
      tool: tool.slice(0, 200),
      ok,
      content,
      shown: null,
      surface: 'none',
      milliseconds: 0,
      denied,
      ...decided,
    };
  }

  async #write(entries: readonly JournalEntry[]): Promise<void> {
    if (entries.length === 0) return;
    this.#parts.conversation.apply(await this.#parts.journal.write(entries));
  }
}
