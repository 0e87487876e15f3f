import type { Id } from '../../../shared/ids.ts';
import type { CheckedPart } from '../../planning/checked-plan.ts';

/** What a plan's event carries of each of its parts. */
export interface ListedPart {
  readonly id: Id<'subtask'>;
  readonly name: string;
  readonly title: string;
  readonly role: string;
  readonly dependsOn: readonly string[];
  /** How often had been planned again when it was planned. */
  readonly round: number;
  readonly inputs: string;
}

/** A part with all that is needed to carry it out. */
export interface PlannedPart {
  readonly listed: ListedPart;
  readonly part: CheckedPart;
}
