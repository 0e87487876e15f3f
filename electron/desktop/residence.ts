import { Problem } from '../../shared/problem.ts';
import type { Clock } from '../base/clock.ts';
import type { Caller } from '../gateway/caller.ts';
import type { GatewayPort } from '../gateway/port.ts';
import { type DaemonAddress, joinDaemon } from './daemon-line.ts';
import { portPair } from './port-pair.ts';

/** What the desktop needs of a house that runs inside it. */
export interface OwnHouse {
  attachPort(port: GatewayPort, caller: Caller): void;
  stop(how: { drain: boolean; reason: string }): Promise<void>;
}

export interface ResidenceNeeds {
  /** Rejects with the problem `locked` where another process holds the data folder. */
  readonly startOwn: () => Promise<OwnHouse>;
  readonly daemon: DaemonAddress;
  readonly clock: Clock;
}

/** The window needs no token: it holds a port that only this process could give it. */
const theWindow: Caller = {
  kind: 'operator',
  name: 'the desktop app',
  token: null,
  procedures: null,
  mcp: null,
};

/** A daemon that has taken the folder and not yet opened its socket is waited for. */
const patience = 10_000;
const pause = 200;

/** Where the house is: in this process, or in a daemon that already runs on the data folder. */
export class Residence {
  readonly #needs: ResidenceNeeds;
  #own: OwnHouse | undefined;

  private constructor(needs: ResidenceNeeds) {
    this.#needs = needs;
  }

  static async open(needs: ResidenceNeeds): Promise<Residence> {
    const residence = new Residence(needs);
    for (let waited = 0; ; waited += pause) {
      try {
        await residence.takeOver();
        return residence;
      } catch (thrown) {
        if (!(thrown instanceof Problem) || thrown.code !== 'locked') throw thrown;
        if (await residence.#answers()) return residence;
        if (waited >= patience) throw thrown;
      }
      await new Promise<void>((resolve) => needs.clock.after(pause, resolve));
    }
  }

  /** True where a daemon is the house, and this app a client of it. */
  get attached(): boolean {
    return this.#own === undefined;
  }

  /** Joins a port to the house, wherever it is at this moment. */
  async attach(port: GatewayPort): Promise<void> {
    if (this.#own) this.#own.attachPort(port, theWindow);
    else await joinDaemon(port, this.#needs.daemon);
  }

  /** Starts the house in this process. Rejects, and changes nothing, while somebody else holds the folder. */
  async takeOver(): Promise<void> {
    this.#own ??= await this.#needs.startOwn();
  }

  /** Stops the house if it is ours. A daemon is left running. */
  async leave(how: { drain: boolean; reason: string }): Promise<void> {
    await this.#own?.stop(how);
  }

  async #answers(): Promise<boolean> {
    const [mine, theirs] = portPair();
    try {
      await this.attach(theirs);
      return true;
    } catch {
      return false;
    } finally {
      mine.close();
    }
  }
}
