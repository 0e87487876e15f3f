import type { BudgetState } from '../../shared/contract/budgets.ts';
import type { AuditRecord } from '../audit/record.ts';
import type { Clock } from '../base/clock.ts';
import type { Account, Budgets } from '../models/budgets.ts';
import type { Activity } from './activity.ts';
import type { LaterRooms } from './later-rooms.ts';
import { type Builder, by } from './parts.ts';
import { StatusFeed } from './status-feed.ts';

export interface BudgetsPartNeeds {
  readonly rooms: Pick<LaterRooms, 'models' | 'agentSessions'>;
  readonly record: AuditRecord;
  readonly clock: Clock;
  readonly activity: Activity;
}

export function budgetsPart({ budgets: build }: Builder, needs: BudgetsPartNeeds) {
  const { rooms, clock, activity } = needs;
  let feed: Promise<StatusFeed<BudgetState>> | undefined;
  const begin = async () => {
    const { budgets } = await rooms.models();
    const made = new StatusFeed(() => Promise.resolve(stateOf(budgets)), clock);
    budgets.onChange(() => made.changed());
    return made;
  };
  return {
    get: build.get.handler(async () => stateOf((await rooms.models()).budgets)),
    watch: build.watch.handler(async function* ({ signal }) {
      const until = activity.following(signal);
      feed ??= begin();
      yield* (await feed).watch(until);
    }),
    raise: build.raise.handler(async ({ input: { session, ...more }, context }) =>
      (await rooms.agentSessions()).raise(session, more, by(context)),
    ),
  };
}

/** How many agents and sessions are told; those that spent last are the last. */
const most = 200;

function stateOf(budgets: Budgets): BudgetState {
  const [day, person, ...rest] = budgets.accounts();
  const shown = [...(day ? [day] : []), ...(person ? [person] : []), ...rest.slice(-most).toReversed()];
  return { accounts: shown.map(told) };
}

function told({ name, limit, spent, reserved }: Account): BudgetState['accounts'][number] {
  const amount = (of: 'tokens' | 'micros') => ({
    spent: spent[of],
    reserved: reserved[of],
    limit: limit[of],
  });
  const until = name.until === null ? null : new Date(name.until).toISOString();
  const { kind, of } = name;
  const { unpriced } = spent;
  return { kind, of, tokens: amount('tokens'), micros: amount('micros'), unpriced, until };
}
