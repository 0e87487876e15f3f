import type { Approval } from '../../shared/approval.ts';
import type { Status } from '../../shared/contract/house.ts';

/** What the desktop shell knows of the house: enough for tray, title and notifications. */
export interface View {
  /** Where the house is; `lost` is a daemon that no longer answers. */
  readonly reach: 'own' | 'daemon' | 'lost';
  /** The last known state; null before the first. */
  readonly status: Status | null;
  /** How many things wait for the person. */
  readonly waiting: number;
  /** Those of them that are approvals, in the order in which they were asked; “not now” is none. */
  readonly approvals: readonly Approval[];
  readonly finishing: boolean;
}

export const firstView: View = { reach: 'own', status: null, waiting: 0, approvals: [], finishing: false };
