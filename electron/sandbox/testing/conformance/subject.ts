import type { LookupAddress } from 'node:dns';
import type { Egress, EgressGate } from '../../egress.ts';
import { openEgress } from '../../open-egress.ts';
import type { Executor } from '../../sandbox.ts';
import type { SandboxHouse } from '../sandbox-house.ts';

/** Makes the executor under test for a data folder. It must use `testEgress`. */
export type MakeExecutor = (data: string) => Promise<Executor>;

/** What an executor promises on this machine. What it does not promise it must refuse. */
export interface Abilities {
  /** A total of memory, held by the kernel. */
  readonly memory: boolean;
}

/** Asked when a test runs, because it is made before the tests. */
export interface Subject {
  readonly house: () => SandboxHouse;
  readonly executor: () => Executor;
  readonly can: Abilities;
}

/** Every name leads to this machine: no test asks a real resolver. */
const here = (): Promise<LookupAddress[]> => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);

export const testEgress = (gate: EgressGate): Egress => openEgress(gate, here);
