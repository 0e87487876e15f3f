import { randomUUID } from 'node:crypto';
import type { Agent } from '../../../../shared/agent.ts';
import { agentSessionWishSchema } from '../../../../shared/agent-session.ts';
import type { Actor } from '../../../../shared/events/event.ts';
import type { Id } from '../../../../shared/ids.ts';
import { plural } from '../../../../shared/plural.ts';
import { Problem } from '../../../../shared/problem.ts';
import type { TurnEnd } from '../../../agents/agent-loop.ts';
import { Interrupted, interruptionOf } from '../../../agents/interrupted.ts';
import { asScaffold } from '../../../agents/scaffold-models.ts';
import type { AgentSessionParts } from '../../agent-session-parts.ts';
import { openSessionsOfRun, sessionOfPart } from '../../agent-session-rows.ts';
import type { SubtaskEnd, SubtaskHears, SubtaskOrder, SubtaskSessions } from '../../subtask-sessions.ts';
import type { LiveAgentSession } from '../live-agent-session.ts';
import type { LiveSessions } from '../live-sessions.ts';
import { lastAnswer, partEnd } from './part-end.ts';
import { WorkingTime } from './working-time.ts';

const system: Actor = { kind: 'system' };

type Rest = TurnEnd | 'ended' | 'timed_out';

/** Parts of runs, each carried out by a session with an agent that ends when it rests. */
export class CarriedSubtasks implements SubtaskSessions {
  readonly #parts: AgentSessionParts;
  readonly #live: LiveSessions;

  constructor(parts: AgentSessionParts, live: LiveSessions) {
    this.#parts = parts;
    this.#live = live;
  }

  async carry(order: SubtaskOrder, hears: SubtaskHears, signal: AbortSignal): Promise<SubtaskEnd> {
    const before = this.#newest(order.subtask);
    if (before === null || before.taken) return this.#begin(order, order.message, hears, signal);
    if (signal.aborted && interruptionOf(signal).goesOn) throw interruptionOf(signal);
    hears.session(before.session);
    // Its life ended before anybody was told: what it did is done, and is not done again.
    if (before.ended) return partEnd(this.#parts.record, before.session, order.subtask);
    const live = await this.#live.of(before.session);
    live.needs.changeable.runBudget = order.runBudget;
    return this.#through(live, order, hears, signal);
  }

  /** A session of its own: what was said before stands in its message, so that nothing has to be kept open for it. */
  async say(
    order: SubtaskOrder,
    text: string,
    hears: SubtaskHears,
    signal: AbortSignal,
  ): Promise<SubtaskEnd> {
    const before = this.#newest(order.subtask);
    const { answer } =
      before === null ? { answer: '' } : await lastAnswer(this.#parts.record, before.session);
    // A mark of its own, so that nothing quoted can end the quotation.
    const mark = randomUUID().slice(0, 8);
    const message = [
      order.message,
      `BEGIN YOUR ANSWER BEFORE ${mark}\n${answer}\nEND YOUR ANSWER BEFORE ${mark}`,
      text,
    ].join('\n\n');
    return this.#begin(order, message, hears, signal);
  }

  raise(run: Id<'run'>, runBudget: SubtaskOrder['runBudget']): void {
    for (const { session } of this.#parts.record.rows(openSessionsOfRun, run)) {
      const live = this.#live.known(String(session));
      if (live) live.needs.changeable.runBudget = runBudget;
    }
  }

  async pause(session: Id<'session'>): Promise<void> {
    await (await this.#live.of(session)).pause(system);
  }

  async resume(session: Id<'session'>): Promise<void> {
    await (await this.#live.of(session)).resume(system);
  }

  async endAll(run: Id<'run'>, reason: string): Promise<void> {
    const open = this.#parts.record.rows(openSessionsOfRun, run);
    await Promise.all(
      open.map(({ session }) => this.#live.end(String(session) as Id<'session'>, reason, system, true)),
    );
  }

  #newest(subtask: Id<'subtask'>) {
    const [row] = this.#parts.record.rows(sessionOfPart, subtask);
    if (!row) return null;
    const session = String(row['session']) as Id<'session'>;
    return { session, taken: row['taken'] === 1, ended: row['activity'] === 'ended' };
  }

  async #begin(
    order: SubtaskOrder,
    message: string,
    hears: SubtaskHears,
    signal: AbortSignal,
  ): Promise<SubtaskEnd> {
    if (signal.aborted) throw interruptionOf(signal);
    const { run, subtask, runFolder, reviewed, runBudget, hosts, folders } = order;
    const { unattended, budget, approvals, payer = null } = order;
    const agent = agentOf(order);
    const wish = agentSessionWishSchema.parse({
      agent: agent.name,
      title: order.name.slice(0, 200),
      folders,
      sandbox: order.sandbox,
      approvals,
      unattended,
      budget,
    });
    const carried = { part: { run, subtask }, runFolder, reviewed, runBudget, payer, hosts };
    const live = await this.#live.begin(agent, wish, system, null, carried);
    hears.session(live.id);
    return this.#through(live, { ...order, message }, hears, signal);
  }

  /** From wherever it is to its end; nothing of it is left then, but for a life that goes on with it. */
  async #through(
    live: LiveAgentSession,
    order: SubtaskOrder,
    hears: SubtaskHears,
    signal: AbortSignal,
  ): Promise<SubtaskEnd> {
    const { id } = live;
    try {
      const rest = await this.#restOf(live, order, hears, signal);
      if (rest === 'ended') {
        // Whoever stops Holdfast leaves it for the next life; anybody else who ends it ends it for good.
        if (this.#live.isClosing) throw new Interrupted('Holdfast stops', true);
        await this.#live.settled(id);
      } else if (rest === 'timed_out') {
        const words = `It took longer than the ${plural(order.seconds ?? 0, 'second')} that it may take.`;
        await this.#live.endNow(live, words, 'timed_out', system, 0);
        const end = await partEnd(this.#parts.record, id, order.subtask);
        return { ...end, outcome: { ...end.outcome, reason: words } };
      } else await this.#live.endNow(live, 'it is done', stopReasonOf(rest), system);
    } catch (thrown) {
      if (!signal.aborted || interruptionOf(signal).goesOn) throw thrown;
      const { message } = interruptionOf(signal);
      await this.#live.endNow(live, message, live.conversation.turn ? 'interrupted' : 'ended', system, 0);
      const end = await partEnd(this.#parts.record, id, order.subtask);
      return { ...end, outcome: { label: 'cancelled', reason: message }, retry: null };
    }
    return partEnd(this.#parts.record, id, order.subtask);
  }

  async #restOf(
    live: LiveAgentSession,
    order: SubtaskOrder,
    hears: SubtaskHears,
    signal: AbortSignal,
  ): Promise<Rest> {
    const { conversation } = live;
    const isNew = !conversation.turn && conversation.waiting.length === 0;
    // It had finished, and its life ended before it was ended itself.
    if (isNew && conversation.lastTurn) return { how: 'finished', ...conversation.lastTurn };
    const late = Promise.withResolvers<'timed_out'>();
    const time = new WorkingTime(this.#parts.clock, (order.seconds ?? 0) * 1000, () =>
      late.resolve('timed_out'),
    );
    const forget = this.#live.onPartChanged(order.subtask, () => {
      const asks = this.#live.asks(order.subtask);
      hears.asking(asks);
      if (order.seconds !== null) time.runs(asks === 0 && !live.isPaused);
    });
    try {
      const resting = live.untilRest(signal, (end) => end.how === 'finished' || end.why === 'out_of_budget');
      resting.catch(() => undefined);
      if (signal.aborted) throw interruptionOf(signal);
      // In a later life it may wait for a person already.
      const asks = this.#live.asks(order.subtask);
      if (asks > 0) hears.asking(asks);
      if (order.seconds !== null) time.runs(asks === 0 && !live.isPaused);
      if (isNew) await live.send([{ kind: 'text', text: order.message }], 'holdfast', system);
      else live.wake();
      return await Promise.race([resting, late.promise]);
    } finally {
      time.stop();
      forget();
      hears.asking(0);
    }
  }
}

function stopReasonOf(rest: TurnEnd): string {
  return rest.how === 'finished' ? rest.stopReason : `out_of_budget: ${rest.reason}`;
}

/** As it was resolved, in the sandbox of its run; nothing that its file grants beside that counts. */
function agentOf({ agent, sandbox, image, approvals }: SubtaskOrder): Agent {
  const chosen = sandbox === 'container' ? (image ?? agent.sandbox.image) : null;
  if (image !== null && sandbox !== 'container') {
    throw new Problem(
      'invalid_input',
      'An image is what a container is made from; a namespace sandbox shows the system’s own programs.',
      'Leave the image out, or ask for a container.',
    );
  }
  return asScaffold({
    ...agent,
    folders: [],
    lifecycle: 'on-demand',
    approvals,
    sandbox: { ...agent.sandbox, kind: sandbox, image: chosen },
  });
}
