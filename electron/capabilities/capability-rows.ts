import type { DataOf, Projection } from '../audit/projection.ts';

const table = 'capability_tokens';

/** The capability tokens that are not revoked, with how often each was used. What was revoked stays told by its events. */
export const capabilityRows: Projection = {
  name: 'capabilities',
  kinds: ['capability.granted', 'capability.used', 'capability.revoked'],
  tables: {
    [table]:
      'token TEXT PRIMARY KEY, agent TEXT NOT NULL, capability TEXT NOT NULL, limits TEXT NOT NULL, parent TEXT, scope TEXT NOT NULL, used INTEGER NOT NULL, last_used TEXT',
  },
  rows(event) {
    if (event.kind === 'capability.granted') {
      const { token, agent, capability, limits, parent } = event.data as DataOf<'capability.granted'>;
      const told = { limits: JSON.stringify(limits), scope: JSON.stringify(event.scope) };
      const row = { token, agent, capability, parent, used: 0, last_used: null, ...told };
      return [{ op: 'put', table, row }];
    }
    if (event.kind === 'capability.used') {
      const { token, used } = event.data as DataOf<'capability.used'>;
      return [{ op: 'patch', table, key: { token }, set: { used, last_used: event.time } }];
    }
    if (event.kind === 'capability.revoked') {
      const { token } = event.data as DataOf<'capability.revoked'>;
      return [{ op: 'drop', table, key: { token } }];
    }
    return [];
  },
};

export const everyCapabilityRow = `SELECT * FROM ${table} ORDER BY token`;
