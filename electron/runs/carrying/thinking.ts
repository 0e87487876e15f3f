import type { Id } from '../../../shared/ids.ts';
import type { Later } from '../../base/later.ts';
import type { Log } from '../../base/log.ts';
import type { SubtaskHears, SubtaskSessions } from '../../sessions/subtask-sessions.ts';
import { unlessOver } from './unless-over.ts';

interface ThinkingNeeds {
  readonly sessions: Later<SubtaskSessions>;
  readonly log: Log;
}

/** Whether a run is paused, and whether its sessions were when this life took it up. */
export interface Rest {
  readonly paused: boolean;
  readonly rested: boolean;
}

/** What thinks for a run: nothing of it begins while the run is paused, and what is at work rests. */
export class Thinking {
  /** Rests a session by itself where that is known only when the run is paused already. */
  readonly hears: SubtaskHears = {
    session: (id) => this.#hear(id),
    asking: () => undefined,
  };
  readonly #needs: ThinkingNeeds;
  #session: Id<'session'> | null = null;
  #paused: boolean;
  /** A session of before the pause rests until it is told otherwise. */
  #hasRested: boolean;
  #goesOn = Promise.withResolvers<void>();

  constructor(needs: ThinkingNeeds, { paused, rested }: Rest) {
    this.#needs = needs;
    this.#paused = paused;
    this.#hasRested = rested;
  }

  /** Resolves as soon as something may begin. */
  async turn(signal: AbortSignal): Promise<void> {
    while (this.#paused) {
      signal.throwIfAborted();
      const cut = Promise.withResolvers<void>();
      signal.addEventListener('abort', () => cut.resolve(), { once: true });
      await Promise.race([this.#goesOn.promise, cut.promise]);
    }
    signal.throwIfAborted();
  }

  async pause(): Promise<void> {
    this.#paused = true;
    this.#hasRested = true;
    if (this.#session) await this.#steer('pause', this.#session);
  }

  async resume(): Promise<void> {
    this.#paused = false;
    const goesOn = this.#goesOn;
    this.#goesOn = Promise.withResolvers();
    if (this.#session) await this.#steer('resume', this.#session);
    goesOn.resolve();
  }

  #hear(id: Id<'session'>): void {
    this.#session = id;
    if (!this.#paused && !this.#hasRested) return;
    this.#steer(this.#paused ? 'pause' : 'resume', id).catch((failure: unknown) => {
      this.#needs.log.error({ err: failure, session: id }, 'a session could not be paused with its run');
    });
  }

  async #steer(deed: 'pause' | 'resume', session: Id<'session'>): Promise<void> {
    const sessions = await this.#needs.sessions();
    await unlessOver(sessions[deed](session));
  }
}
