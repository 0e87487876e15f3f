import { createStore, type StoreApi } from 'zustand/vanilla';
import { Problem } from '../../shared/problem.ts';
import type { Carrier } from './client.ts';
import { problemOf } from '../../shared/contract/problems.ts';
import type { Timing } from './timing.ts';

/** One live way to the house. `closed` resolves when it is gone, whoever ended it. */
export interface Line {
  readonly carrier: Carrier;
  readonly closed: Promise<void>;
  close(): void;
}

/** Opens a line. A Problem `unauthorized` ends all trying; any other failure is tried again. */
export type OpenLine = () => Promise<Line>;

export type Phase = 'connecting' | 'connected' | 'reconnecting' | 'refused';

export interface ConnectionState {
  readonly phase: Phase;
  /** When this phase began. */
  readonly since: number;
  /** Failed attempts since the line was last there. */
  readonly attempt: number;
  readonly problem: Problem | null;
}

export interface Connection {
  readonly state: StoreApi<ConnectionState>;
  /** The present line. Waits while the first is being made; rejects at once while it is lost. */
  carrier(): Promise<Carrier>;
  /** Resolves when connected; rejects when refused or when the signal ends it. */
  connected(signal: AbortSignal): Promise<void>;
  /** Tries at once, for when the machine woke up or a person pressed the button. */
  hurry(): void;
  close(): void;
}

const shortest = 250;
const longest = 8_000;

/** Doubling with a random half, so that many windows do not return in step. */
export function backOff(attempt: number, chance: number): number {
  const full = Math.min(longest, shortest * 2 ** Math.min(attempt, 10));
  return Math.round(full / 2 + (full / 2) * chance);
}

export function connect(open: OpenLine, timing: Timing): Connection {
  const state = createStore<ConnectionState>(() => ({
    phase: 'connecting',
    since: timing.now(),
    attempt: 0,
    problem: null,
  }));
  let line: Line | null = null;
  let ended = false;
  let trying = false;
  let forget = () => {};

  const enter = (phase: Phase, attempt: number, problem: Problem | null) =>
    state.setState((before) => ({
      phase,
      attempt,
      problem,
      since: before.phase === phase ? before.since : timing.now(),
    }));

  async function tryOnce(): Promise<void> {
    forget();
    forget = () => {};
    trying = true;
    try {
      const opened = await open().finally(() => {
        trying = false;
      });
      if (ended) return opened.close();
      line = opened;
      enter('connected', 0, null);
      await opened.closed;
      line = null;
      if (!ended) lost(new Problem('unreachable', 'the connection was lost'));
    } catch (thrown) {
      if (!ended) lost(problemOf(thrown));
    }
  }

  function lost(problem: Problem): void {
    if (problem.code === 'unauthorized') return enter('refused', 0, problem);
    const failed = state.getState().attempt;
    enter(state.getState().phase === 'connecting' ? 'connecting' : 'reconnecting', failed + 1, problem);
    forget = timing.after(backOff(failed, timing.chance()), () => void tryOnce());
  }

  void tryOnce();

  return {
    state,
    async carrier() {
      if (line) return line.carrier;
      const { phase, problem } = state.getState();
      if (phase === 'connecting') {
        await this.connected(new AbortController().signal);
        if (line) return (line as Line).carrier;
      }
      if (phase === 'refused' && problem) throw problem;
      throw new Problem(
        'unreachable',
        'Holdfast does not answer right now',
        'The window reconnects by itself; try again then.',
      );
    },
    connected: (signal) =>
      new Promise((resolve, reject) => {
        const finish = (settle: () => void) => {
          stop();
          signal.removeEventListener('abort', look);
          settle();
        };
        const look = () => {
          const { phase, problem } = state.getState();
          if (signal.aborted) finish(() => reject(new Problem('cancelled', 'it was cancelled')));
          else if (phase === 'connected') finish(resolve);
          else if (phase === 'refused')
            finish(() => reject(problem ?? new Problem('unauthorized', 'not admitted')));
        };
        const stop = state.subscribe(look);
        signal.addEventListener('abort', look);
        look();
      }),
    hurry() {
      const { phase } = state.getState();
      if (ended || line || trying || phase === 'refused') return;
      forget();
      forget = timing.after(0, () => void tryOnce());
    },
    close() {
      ended = true;
      forget();
      line?.close();
    },
  };
}
