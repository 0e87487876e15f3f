import type { MachineFinding, Status } from '../../shared/contract/house.ts';
import type { AuditRecord } from '../audit/record.ts';
import { version } from '../base/version.ts';
import type { Activity } from './activity.ts';
import { type Builder, by } from './parts.ts';
import type { StatusFeed } from './status-feed.ts';

export interface HousePartNeeds {
  readonly record: AuditRecord;
  readonly activity: Activity;
  readonly status: () => Promise<Status>;
  readonly feed: StatusFeed;
  /** Looks at this machine again. */
  readonly lookAgain: () => Promise<MachineFinding[]>;
  /** Asks the house to drain and stop; it answers before it does. */
  readonly stop: () => void;
}

const never = new AbortController().signal;

export function housePart({ house: build }: Builder, needs: HousePartNeeds) {
  const { record, activity, status, feed } = needs;
  return {
    health: build.health.handler(() => ({ ok: true as const, version })),
    status: build.status.handler(() => status()),
    watch: build.watch.handler(({ signal }) => feed.watch(activity.following(signal))),
    doctor: build.doctor.handler(async ({ input, context }) => ({
      machine: await needs.lookAgain(),
      rebuilt: input.rebuild ? await record.rebuild(by(context)) : null,
    })),
    stop: build.stop.handler(() => {
      needs.stop();
      return { stopping: true as const };
    }),
    backup: build.backup.handler(({ input, context, signal }) =>
      record.backup(input.path, by(context), signal ?? never),
    ),
  };
}
