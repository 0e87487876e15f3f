import type { DataOf, Projection } from '../audit/projection.ts';

const table = 'rules';

/**
 * Standing answers. Those of a restored backup that allow something are in force no more: some were removed since it
 * was made, and who made it may not be the one who restores it.
 */
export const ruleRows: Projection = {
  name: 'rules',
  kinds: ['rule.added', 'rule.removed', 'rule.used', 'session.ended', 'log.restored'],
  tables: {
    [table]:
      'id TEXT PRIMARY KEY, seq INTEGER NOT NULL, effect TEXT NOT NULL, what TEXT NOT NULL, agent TEXT, scope TEXT NOT NULL, session TEXT, expires TEXT, overrides TEXT NOT NULL, approval TEXT, added TEXT NOT NULL, actor TEXT NOT NULL, used INTEGER NOT NULL, last_used TEXT, ended TEXT, end TEXT',
  },
  rows(event) {
    switch (event.kind) {
      case 'rule.added': {
        const { rule, effect, what, agent, scope, expires, overrides, approval } =
          event.data as DataOf<'rule.added'>;
        const row = {
          id: rule,
          seq: event.seq,
          effect,
          what,
          agent,
          scope: JSON.stringify(scope),
          session: scope.kind === 'session' ? scope.session : null,
          expires,
          overrides: JSON.stringify(overrides),
          approval,
          added: event.time,
          actor: JSON.stringify(event.actor),
          used: 0,
          last_used: null,
          ended: null,
          end: null,
        };
        return [{ op: 'put', table, row }];
      }
      case 'rule.removed': {
        const { rule } = event.data as DataOf<'rule.removed'>;
        return [
          { op: 'patch', table, key: { id: rule, ended: null }, set: { ended: event.time, end: 'removed' } },
        ];
      }
      case 'rule.used': {
        const { rule, used } = event.data as DataOf<'rule.used'>;
        return [{ op: 'patch', table, key: { id: rule }, set: { used, last_used: event.time } }];
      }
      case 'session.ended': {
        const { session = null } = event.scope;
        if (session === null) return [];
        return [
          {
            op: 'patch',
            table,
            key: { session, ended: null },
            set: { ended: event.time, end: 'session_ended' },
          },
        ];
      }
      default:
        return [
          {
            op: 'patch',
            table,
            key: { effect: 'allow', ended: null },
            set: { ended: event.time, end: 'removed' },
          },
        ];
    }
  },
};

export const everyRule = `SELECT * FROM ${table} ORDER BY seq DESC LIMIT 1000`;
export const rulesInForce = `SELECT * FROM ${table} WHERE ended IS NULL ORDER BY seq DESC`;
export const rulesFrom = `SELECT * FROM ${table} WHERE id >= ? AND id < ? ORDER BY id LIMIT 2`;
