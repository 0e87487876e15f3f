import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { acknowledging } from '../../shared/port-credit.ts';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../../shared/contract/contract.ts';
import type { Approval } from '../../shared/approval.ts';
import type { Status } from '../../shared/contract/house.ts';
import { Problem } from '../../shared/problem.ts';
import { changesKinds, changesTold, type LeftChanges } from './left-changes.ts';
import type { WatchedRun } from './run-notices.ts';
import type { Clock } from '../base/clock.ts';
import type { GatewayPort } from '../gateway/port.ts';
import { portPair } from './port-pair.ts';

type Client = ContractRouterClient<Contract>;

export interface HouseWatchNeeds {
  readonly attach: (port: GatewayPort) => Promise<void>;
  readonly clock: Clock;
  /** The present state; null while the house cannot be reached. */
  readonly told: (status: Status | null) => void;
  readonly verified: (ok: boolean) => void;
  /** An objective that failed too often begins nothing more. */
  readonly gaveUp: (objective: string) => void;
  /** Changes that a session left wait for the person, or no longer do. */
  readonly left: (changes: LeftChanges) => void;
  /** What waits for an answer now, in the order in which it was asked. */
  readonly asked: (approvals: readonly Approval[]) => void;
  /** A run that is not finished, and each again when it changes. */
  readonly ran: (run: WatchedRun) => void;
}

const watchedKinds = ['record.verified', 'objective.paused', ...changesKinds] as const;
const shortest = 250;
const longest = 8_000;

/** The tray's own eyes: a client of the house like every window, through lost lines. */
export class HouseWatch {
  readonly #needs: HouseWatchNeeds;
  readonly #life = new AbortController();
  /** The next event to look at; undefined until the first answer says where now is. */
  #next: number | undefined;
  #failed = 0;
  #client: Client | undefined;
  #wake = () => {};

  constructor(needs: HouseWatchNeeds) {
    this.#needs = needs;
    void this.#run();
  }

  /** Tries at once, where it waits for the next try. */
  hurry(): void {
    this.#wake();
  }

  /** Rejects where it cannot be reached, or somebody else was first. */
  async answer(approval: Approval['id'], kind: 'once' | 'deny'): Promise<void> {
    if (!this.#client) throw new Problem('unreachable', 'The house does not answer now.');
    await this.#client.approvals.answer({ approval, answer: { kind } });
  }

  close(): void {
    this.#life.abort();
    this.#wake();
  }

  async #run(): Promise<void> {
    const { signal } = this.#life;
    while (!signal.aborted) {
      const [mine, theirs] = portPair();
      const hangUp = () => mine.close();
      signal.addEventListener('abort', hangUp);
      try {
        await this.#needs.attach(theirs);
        await this.#watch(mine);
      } catch {
        // Whatever ended the line, the next one is tried below.
      } finally {
        signal.removeEventListener('abort', hangUp);
        mine.close();
      }
      if (signal.aborted) return;
      this.#needs.told(null);
      await this.#rest();
    }
  }

  async #watch(port: GatewayPort): Promise<void> {
    const ended = new AbortController();
    const acknowledge = acknowledging((taken) => port.postMessage(taken));
    port.on('message', ({ data }) => acknowledge(data));
    const client = createORPCClient<Client>(new RPCLink({ port: port as never }));
    port.on('close', () => ended.abort());
    port.start();
    this.#client = client;
    try {
      await Promise.race([
        this.#status(client, ended.signal),
        this.#events(client, ended.signal),
        this.#approvals(client, ended.signal),
        this.#runs(client, ended.signal),
      ]);
    } finally {
      this.#client = undefined;
      ended.abort();
    }
  }

  async #status(client: Client, signal: AbortSignal): Promise<void> {
    for await (const status of await client.house.watch(undefined, { signal })) {
      this.#failed = 0;
      this.#needs.told(status);
    }
  }

  async #events(client: Client, signal: AbortSignal): Promise<void> {
    this.#next ??= (await client.record.state(undefined, { signal })).size;
    const question = { from: this.#next, filter: { kinds: [...watchedKinds] } };
    for await (const { events, next } of await client.record.follow(question, { signal })) {
      this.#next = next;
      for (const event of events) {
        const { kind, data } = event;
        const told: Readonly<Record<string, unknown>> = { ...(data as object | null) };
        const left = changesTold(event);
        if (left) this.#needs.left(left);
        if (kind === 'record.verified' && 'ok' in told) this.#needs.verified(told['ok'] === true);
        if (kind === 'objective.paused' && told['why'] === 'failures')
          this.#needs.gaveUp(String(told['name']));
      }
    }
  }

  async #approvals(client: Client, signal: AbortSignal): Promise<void> {
    const waiting = new Map<string, Approval>();
    this.#needs.asked([]);
    for await (const approval of await client.approvals.watch(undefined, { signal })) {
      if (approval.state === 'pending') waiting.set(approval.id, approval);
      else waiting.delete(approval.id);
      this.#needs.asked([...waiting.values()]);
    }
  }

  async #runs(client: Client, signal: AbortSignal): Promise<void> {
    for await (const run of await client.runs.watch(undefined, { signal })) this.#needs.ran(run);
  }

  async #rest(): Promise<void> {
    const pause = Math.min(longest, shortest * 2 ** Math.min(this.#failed++, 10));
    await new Promise<void>((resolve) => {
      const cancel = this.#needs.clock.after(pause, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}
