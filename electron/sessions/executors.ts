import type { MachineFinding } from '../../shared/contract/house.ts';
import { type SandboxKind, sandboxKinds } from '../../shared/session.ts';
import { Problem } from '../../shared/problem.ts';
import type { Clock } from '../base/clock.ts';
import type { Executor } from '../sandbox/sandbox.ts';

/** An engine that hangs must not keep anybody from hearing of the rest. */
const patience = 10_000;

/** The ways to contain, each made when it is first needed: most lives need one of them at most. */
export class Executors {
  readonly #clock: Clock;
  readonly #make: Readonly<Record<SandboxKind, () => Promise<Executor>>>;
  readonly #made = new Map<SandboxKind, Promise<Executor>>();

  constructor(clock: Clock, make: Readonly<Record<SandboxKind, () => Promise<Executor>>>) {
    this.#clock = clock;
    this.#make = make;
  }

  readonly of = (kind: SandboxKind): Promise<Executor> => {
    const made = this.#made.get(kind) ?? this.#make[kind]();
    this.#made.set(kind, made);
    return made;
  };

  /** What each of them finds on this machine. One that cannot even look is a finding, too. */
  async look(): Promise<MachineFinding[]> {
    const looks = await Promise.all(sandboxKinds.map((kind) => this.#lookAt(kind)));
    return looks.flat();
  }

  async close(): Promise<void> {
    const made = await Promise.allSettled(this.#made.values());
    await Promise.all(made.flatMap((one) => (one.status === 'fulfilled' ? [one.value.close()] : [])));
  }

  async #lookAt(kind: SandboxKind): Promise<MachineFinding[]> {
    let cancel: () => void = () => undefined;
    const late = new Promise<never>((_, reject) => {
      cancel = this.#clock.after(patience, () =>
        reject(new Problem('unavailable', 'It does not answer.', 'Look at what keeps it, or restart it.')),
      );
    });
    try {
      return await Promise.race([this.of(kind).then((executor) => executor.look()), late]);
    } catch (thrown) {
      const { message: detail, mend } = Problem.of(thrown);
      const finding = {
        id: `${kind}.look`,
        name: 'All of it',
        state: 'missing',
        detail,
        part: kind,
      } as const;
      return [{ ...finding, ...(mend === undefined ? {} : { mend }) }];
    } finally {
      cancel();
    }
  }
}
