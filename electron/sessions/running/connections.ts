import type { Draft } from '../../../shared/events/catalogue.ts';
import type { Id } from '../../../shared/ids.ts';
import type { AuditRecord } from '../../audit/record.ts';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { EgressEvent } from '../../sandbox/egress.ts';

type Refused = Extract<EgressEvent, { what: 'refused' }>;

const pause = 10_000;
/** A program that asks for ever new hosts gets so many events of its own within one pause. */
const ownEvents = 50;

/**
 * The connections of one session, on the record: each that was made with its bytes, and refusals gathered, so that no
 * program in a sandbox can fill the record by asking.
 */
export class Connections {
  readonly #parts: { record: Pick<AuditRecord, 'append'>; clock: Clock; log: Log; session: Id<'session'> };
  readonly #gathered = new Map<string, { refused: Refused; more: number; cancel: () => void }>();
  readonly #open = new Set<number>();
  readonly #writing = new Set<Promise<void>>();
  #closed: (() => void)[] = [];

  constructor(parts: {
    record: Pick<AuditRecord, 'append'>;
    clock: Clock;
    log: Log;
    session: Id<'session'>;
  }) {
    this.#parts = parts;
  }

  told(happened: EgressEvent): void {
    if (happened.what === 'refused') return this.#gather(happened);
    const { id, host, port, address } = happened;
    if (happened.what === 'connected') {
      this.#open.add(id);
      return this.#write({ kind: 'connection.opened', data: { host, port, address } });
    }
    const { sent, received, milliseconds } = happened;
    const seconds = Math.round(milliseconds) / 1000;
    this.#write({ kind: 'connection.closed', data: { host, port, address, sent, received, seconds } });
    this.#open.delete(id);
    if (this.#open.size === 0) for (const call of this.#closed.splice(0)) call();
  }

  /** Resolves when the last connection has closed and all of it is written. They have been cut before. */
  async end(): Promise<void> {
    if (this.#open.size > 0) await new Promise<void>((resolve) => this.#closed.push(resolve));
    for (const [alike, { cancel }] of this.#gathered) {
      cancel();
      this.#tell(alike);
    }
    await Promise.all(this.#writing);
  }

  #gather(refused: Refused): void {
    const crowded = this.#gathered.size >= ownEvents;
    const one: Refused = crowded
      ? { ...refused, host: 'various hosts', port: 0, reason: 'too many' }
      : refused;
    const alike = JSON.stringify([one.host, one.port, one.reason]);
    const gathered = this.#gathered.get(alike);
    if (gathered) {
      gathered.more++;
      return;
    }
    const cancel = this.#parts.clock.after(pause, () => this.#tell(alike));
    this.#gathered.set(alike, { refused: one, more: 0, cancel });
    this.#refusal(one, 1);
  }

  #tell(alike: string): void {
    const gathered = this.#gathered.get(alike);
    this.#gathered.delete(alike);
    if (gathered && gathered.more > 0) this.#refusal(gathered.refused, gathered.more);
  }

  #refusal({ host, port, reason }: Refused, count: number): void {
    this.#write({ kind: 'connection.refused', data: { host, port, reason, count } });
  }

  #write(draft: Pick<Draft, 'kind' | 'data'>): void {
    const { record, log, session } = this.#parts;
    const whose = { actor: { kind: 'agent', id: session } as const, scope: { session } };
    const writing: Promise<void> = record.append({ ...draft, ...whose } as Draft).then(
      () => void this.#writing.delete(writing),
      (failure: unknown) => {
        this.#writing.delete(writing);
        log.warn({ err: failure, session, kind: draft.kind }, 'a connection is not on the record');
      },
    );
    this.#writing.add(writing);
  }
}
