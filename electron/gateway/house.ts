import type { MachineFinding, Status } from '../../shared/contract/house.ts';
import type { AuditRecord } from '../audit/record.ts';
import type { Log } from '../base/log.ts';
import type { Paths } from '../base/paths.ts';
import { version } from '../base/version.ts';

export interface HouseNeeds {
  readonly surface: Status['surface'];
  readonly started: Date;
  readonly paths: Paths;
  readonly record: AuditRecord;
  readonly log: Log;
  readonly look: () => Promise<MachineFinding[]>;
  /** What of it changes with what a person sets up. */
  readonly models: { look(): Promise<void>; finding(): Promise<MachineFinding> };
}

const system = { kind: 'system' } as const;

/** The life of this program on its data folder, and what it says of itself. */
export class House {
  readonly #needs: HouseNeeds;
  #machine: Promise<MachineFinding[]> | undefined;
  #address: string | null = null;
  #socket: string | null = null;
  #end: { reason: string; drained: boolean } | undefined;
  /** Called when what `status` says has changed, apart from the record. */
  changed: () => void = () => undefined;

  constructor(needs: HouseNeeds) {
    this.#needs = needs;
  }

  async status(): Promise<Status> {
    const { surface, started, paths, record } = this.#needs;
    return {
      version,
      surface,
      pid: process.pid,
      started: started.toISOString(),
      data: paths.data,
      socket: this.#socket,
      address: this.#address,
      draining: this.#end !== undefined,
      followers: record.followers(),
      record: record.state(),
      machine: await this.#findings(),
    };
  }

  /** Looks at the machine, and tells those who watch. */
  async look(): Promise<MachineFinding[]> {
    this.#machine = this.#needs.look();
    const found = await this.#findings();
    this.changed();
    return found;
  }

  /** Looks because somebody asked: then servers on this machine are asked, too. */
  async lookAgain(): Promise<MachineFinding[]> {
    const asked = this.#needs.models.look();
    this.#machine = this.#needs.look();
    await Promise.all([asked, this.#machine]);
    const found = await this.#findings();
    this.changed();
    return found;
  }

  async #findings(): Promise<MachineFinding[]> {
    const [found, models] = await Promise.all([
      (this.#machine ??= this.#needs.look()),
      this.#needs.models.finding(),
    ]);
    return [...found, models];
  }

  listening(address: string | null, socket: string): void {
    this.#address = address;
    this.#socket = socket;
    this.changed();
  }

  /** Says on the record that it started, and whether the last life ended without a word. */
  async begin(): Promise<void> {
    const { surface, record } = this.#needs;
    const unclean = record.rows('SELECT state FROM life WHERE id = 1')[0]?.['state'] === 'running';
    await this.#tell(() =>
      record.append({
        kind: 'app.started',
        actor: system,
        data: { version, surface, platform: `${process.platform} ${process.arch}`, unclean },
      }),
    );
  }

  stopping(reason: string, drained: boolean): void {
    this.#end = { reason: this.#end?.reason ?? reason, drained };
    this.changed();
  }

  /** Says on the record that it stops, and how. */
  async end(): Promise<void> {
    const data = this.#end ?? { reason: 'it could not start', drained: false };
    await this.#tell(() => this.#needs.record.append({ kind: 'app.stopped', actor: system, data }));
  }

  /** A full disk keeps these words off the record, but not the house from opening or closing. */
  async #tell(append: () => Promise<unknown>): Promise<void> {
    try {
      await append();
    } catch (failure) {
      this.#needs.log.warn({ err: failure }, 'a start or a stop is not on the record');
    }
  }
}
