import type { Id } from '../../../shared/ids.ts';
import { interruptionOf } from '../../agents/interrupted.ts';
import { newId } from '../../base/ids.ts';
import type {
  SubtaskEnd,
  SubtaskHears,
  SubtaskOrder,
  SubtaskSessions,
} from '../../sessions/subtask-sessions.ts';

export interface Carried {
  readonly order: SubtaskOrder;
  readonly hears: SubtaskHears;
  readonly session: Id<'session'>;
  end(how?: Partial<SubtaskEnd>): void;
}

export type Script = (order: SubtaskOrder, nth: number) => Partial<SubtaskEnd> | 'waits';

/** Stands for sessions where a test decides what becomes of each part; sessions left open are gone on with. */
export class ScriptedParts implements SubtaskSessions {
  readonly open = new Map<string, Carried>();
  readonly begun: string[] = [];
  readonly said: string[] = [];
  readonly rested: string[] = [];
  readonly #script: Script;
  #most = 0;

  constructor(script: Script = () => ({})) {
    this.#script = script;
  }

  /** How many ran at the same time at most. */
  get most(): number {
    return this.#most;
  }

  carry(order: SubtaskOrder, hears: SubtaskHears, signal: AbortSignal): Promise<SubtaskEnd> {
    this.begun.push(order.name);
    return this.#carry(
      order,
      hears,
      signal,
      this.#script(order, this.begun.filter((name) => name === order.name).length),
    );
  }

  say(order: SubtaskOrder, text: string, hears: SubtaskHears, signal: AbortSignal): Promise<SubtaskEnd> {
    this.said.push(text);
    return this.#carry(order, hears, signal, this.#script({ ...order, message: text }, this.said.length + 1));
  }

  endAll(run: Id<'run'>): Promise<void> {
    this.rested.push(`end ${run}`);
    return Promise.resolve();
  }

  raise(_run: Id<'run'>, { tokens }: SubtaskOrder['runBudget']): void {
    this.rested.push(`raise ${tokens}`);
  }

  pause(session: Id<'session'>): Promise<void> {
    this.rested.push(`pause ${session}`);
    return Promise.resolve();
  }

  resume(session: Id<'session'>): Promise<void> {
    this.rested.push(`resume ${session}`);
    return Promise.resolve();
  }

  #carry(
    order: SubtaskOrder,
    hears: SubtaskHears,
    signal: AbortSignal,
    script: Partial<SubtaskEnd> | 'waits',
  ): Promise<SubtaskEnd> {
    const session = newId('session', new Date());
    const ended = Promise.withResolvers<SubtaskEnd>();
    const end = (how: Partial<SubtaskEnd> = {}) => {
      this.open.delete(order.name);
      ended.resolve({
        session,
        outcome: { label: 'success', reason: null },
        retry: null,
        answer: `${order.name} done`,
        signals: [],
        usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
        cost: 0,
        model: null,
        ...how,
      });
    };
    this.open.set(order.name, { order, hears, session, end });
    this.#most = Math.max(this.#most, this.open.size);
    const cut = () => {
      this.open.delete(order.name);
      ended.reject(interruptionOf(signal));
    };
    if (signal.aborted) cut();
    signal.addEventListener('abort', cut, { once: true });
    hears.session(session);
    if (script !== 'waits') setImmediate(() => end(script));
    return ended.promise;
  }
}
