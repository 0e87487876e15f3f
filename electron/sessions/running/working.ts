import type { Duplex } from 'node:stream';
import type { Draft } from '../../../shared/events/catalogue.ts';
import type { Outcome } from '../../../shared/session.ts';
import type { RequestedWork } from '../../../shared/session-work.ts';
import type { CommandEnd, OwnFolder } from '../../sandbox/sandbox.ts';
import type { Ending } from '../outcome.ts';
import type { SessionFolder } from '../session-folder.ts';

/** What has to stand before its command, beside what its wish says. */
export interface Ground {
  readonly own: readonly OwnFolder[];
  readonly home: string;
  readonly cwd: string;
  /** Secrets among its variables: given to the command alone, by way of its sandbox. */
  readonly variables: Readonly<Record<string, string>>;
  /** When the sandbox has bound them. */
  close(): void;
}

/** What the session of a command agent does beside running its command. */
export interface Working {
  readonly requested: RequestedWork;
  /** What Holdfast itself serves to its sandbox; null: nothing. */
  readonly serve: (() => Duplex) | null;
  /** Made for this session, and written nowhere. */
  readonly secrets: readonly string[];
  /** Makes the ground; it may wait long, and gives up where the signal does. */
  ready(life: { folder: SessionFolder; signal: AbortSignal; tell: (words: string) => void }): Promise<Ground>;
  readonly outcomeOf: (end: CommandEnd, ending: Ending | null) => Outcome;
  /** When nothing of it runs any more: what goes on the record with its end, and whether its folder stays. */
  ended(): Promise<{ readonly last: readonly Draft[]; readonly keeps: boolean }>;
  /** When all of it is put away; `whole`: its end is on the record, and nothing of its sandbox is left. */
  over(outcome: Outcome, whole: boolean): Promise<void>;
}
