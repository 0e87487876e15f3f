import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Egress, EgressGate } from './egress.ts';

/** What every executor is made from. */
export interface ExecutorNeeds {
  readonly clock: Clock;
  readonly log: Log;
  /** The data folder: whose sandboxes these are. */
  readonly data: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The setting `sandbox.uid`, asked for each sandbox. */
  readonly uid: () => number | null;
  /** How connections are made where a session may make them. */
  readonly openEgress?: (gate: EgressGate) => Egress;
}
