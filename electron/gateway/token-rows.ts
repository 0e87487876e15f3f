import type { DataOf, Projection } from '../audit/projection.ts';

/**
 * Tokens, derived from the record. Those of a restored backup are in force no more: some were revoked since it was
 * made, and who made it may not be the one who restores it.
 */
export const tokenRows: Projection = {
  name: 'tokens',
  kinds: ['token.created', 'token.revoked', 'log.restored'],
  tables: {
    tokens:
      'id TEXT PRIMARY KEY, name TEXT NOT NULL, caller TEXT NOT NULL, digest TEXT NOT NULL, procedures TEXT, created TEXT NOT NULL, expires TEXT, revoked TEXT',
    token_budgets: 'id TEXT PRIMARY KEY, budget TEXT NOT NULL',
    token_mcp: 'id TEXT PRIMARY KEY, rights TEXT NOT NULL',
  },
  rows(event) {
    if (event.kind === 'token.created') {
      const { token, name, caller, digest, procedures, expires, budget, mcp } =
        event.data as DataOf<'token.created'>;
      const row = {
        id: token,
        name,
        caller,
        digest,
        procedures: procedures && JSON.stringify(procedures),
        created: event.time,
        expires,
        revoked: null,
      };
      const bounds = { id: token, budget: JSON.stringify(budget) };
      const rights = { id: token, rights: JSON.stringify(mcp) };
      return [
        { op: 'put', table: 'tokens', row },
        ...(budget === undefined ? [] : [{ op: 'put', table: 'token_budgets', row: bounds } as const]),
        ...(mcp === undefined ? [] : [{ op: 'put', table: 'token_mcp', row: rights } as const]),
      ];
    }
    if (event.kind === 'token.revoked') {
      const { token } = event.data as DataOf<'token.revoked'>;
      return [{ op: 'patch', table: 'tokens', key: { id: token }, set: { revoked: event.time } }];
    }
    return [{ op: 'patch', table: 'tokens', key: { revoked: null }, set: { revoked: event.time } }];
  },
};
