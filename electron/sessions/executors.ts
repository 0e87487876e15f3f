import type { MachineFinding } from '../../shared/contract/house.ts';
import { type SandboxKind, sandboxKinds } from '../../shared/session.ts';
import { Problem } from '../../shared/problem.ts';
import type { Executor } from '../sandbox/sandbox.ts';

/** The ways to contain, each made when it is first needed: most lives need one of them at most. */
export class Executors {
  readonly #make: Readonly<Record<SandboxKind, () => Promise<Executor>>>;
  readonly #made = new Map<SandboxKind, Promise<Executor>>();

  constructor(make: Readonly<Record<SandboxKind, () => Promise<Executor>>>) {
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
    try {
      return await (await this.of(kind)).look();
    } catch (thrown) {
      const { message: detail, mend } = Problem.of(thrown);
      const finding = { id: kind, name: kind, state: 'missing', detail, part: kind } as const;
      return [{ ...finding, ...(mend === undefined ? {} : { mend }) }];
    }
  }
}
