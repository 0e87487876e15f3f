import { writeCapability } from '../../shared/capability/text.ts';
import type { Id } from '../../shared/ids.ts';
import type { AuditRecord } from '../audit/record.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { type CapabilityRow, readCapabilityRow } from './capability-row.ts';
import { everyCapabilityRow } from './capability-rows.ts';
import { revokedEvent } from './endings.ts';
import { expiryOf } from './limits.ts';
import { type LiveToken, liveToken } from './live-token.ts';

interface Parts {
  readonly record: Pick<AuditRecord, 'appendAll' | 'rows'>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * After a restart: the tokens that still count, with their counts, parents before their children. What is
 * over meanwhile, or whose parent no longer counts, is revoked on the record.
 */
export async function loadTokens(
  { record, clock, log }: Parts,
  newHandle: () => string,
  keep: (token: LiveToken) => void,
): Promise<void> {
  const rows = new Map(readable(record, log).map((row) => [row.token, row]));
  const live = new Map<Id<'capability'>, LiveToken | null>();
  const now = clock.now().getTime();
  const bring = (row: CapabilityRow): LiveToken | null => {
    const brought = live.get(row.token);
    if (brought !== undefined) return brought;
    // A chain that leads back to itself ends here, and counts for nothing.
    live.set(row.token, null);
    const above = row.parent === null ? undefined : rows.get(row.parent);
    const parent = above ? bring(above) : null;
    const counts = expiryOf(row.limits) > now && (row.parent === null || parent !== null);
    const lastUsed = row.lastUsed === null ? undefined : Date.parse(row.lastUsed);
    const { used, lastUsed: _at, parent: _id, ...facts } = row;
    const token = counts
      ? liveToken({
          ...facts,
          handle: newHandle(),
          parent,
          used,
          ...(lastUsed === undefined ? {} : { lastUsed }),
        })
      : null;
    live.set(row.token, token);
    return token;
  };
  const over = [...rows.values()].filter((row) => bring(row) === null);
  for (const token of live.values()) {
    if (!token) continue;
    token.granted = true;
    keep(token);
  }
  if (over.length === 0) return;
  const by = { kind: 'system' } as const;
  await record.appendAll(
    over.map((row) =>
      revokedEvent(
        { ...row, text: writeCapability(row.capability) },
        expiryOf(row.limits) > now ? 'what it was narrowed from no longer counts' : 'its time is over',
        by,
      ),
    ),
  );
}

/** What another version wrote and this one does not understand does not count, and stays as it is for that version. */
function readable(record: Pick<AuditRecord, 'rows'>, log: Log): CapabilityRow[] {
  return record.rows(everyCapabilityRow).flatMap((cells) => {
    try {
      return [readCapabilityRow(cells)];
    } catch (failure) {
      log.warn(
        { err: failure, capability: cells['token'] },
        'a capability token is not understood and does not count',
      );
      return [];
    }
  });
}
