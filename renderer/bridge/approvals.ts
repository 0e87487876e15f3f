import { useEffect } from 'react';
import { create } from 'zustand';
import type { Approval } from '../../shared/approval.ts';
import { problemOf } from '../../shared/contract/problems.ts';
import type { Problem } from '../../shared/problem.ts';
import type { House } from './house.ts';

/** How many that are settled are shown. */
const mostSettled = 60;

interface KnownApprovals {
  /** Null until the first answer. */
  readonly all: ReadonlyMap<string, Approval> | null;
  readonly problem: Problem | null;
}

const useKnown = create<KnownApprovals>(() => ({ all: null, problem: null }));

/** Keeps what waits for the person true, for as long as the window is there. */
export function useApprovalFeed(house: House): void {
  useEffect(() => {
    const life = new AbortController();
    const open = async (signal: AbortSignal) => {
      // The stream is opened first, so that what changes while the list is fetched is in it.
      const changes = await house.client.approvals.watch(undefined, { signal });
      const [waiting, every] = await Promise.all([
        house.client.approvals.list({ most: 1000 }, { signal }),
        house.client.approvals.list({ every: true, most: mostSettled }, { signal }),
      ]);
      useKnown.setState({
        all: new Map([...every, ...waiting].map((each) => [each.id, each])),
        problem: null,
      });
      return changes;
    };
    const each = (changed: Approval) =>
      useKnown.setState(({ all }) => ({ all: new Map(all).set(changed.id, changed) }));
    house
      .followStream(open, each, life.signal)
      .catch((thrown: unknown) => !life.signal.aborted && useKnown.setState({ problem: problemOf(thrown) }));
    return () => life.abort();
  }, [house]);
}

export const useKnownApprovals = () => useKnown();

export function useWaitingCount(): number {
  return useKnown(({ all }) => [...(all?.values() ?? [])].filter(({ state }) => state === 'pending').length);
}
