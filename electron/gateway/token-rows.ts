import { houseKinds } from '../../shared/events/house-kinds.ts';
import type { Projection } from '../audit/projection.ts';

const created = houseKinds['token.created'].data;
const revoked = houseKinds['token.revoked'].data;

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
  },
  rows(event) {
    if (event.kind === 'token.created') {
      const data = created.safeParse(event.data);
      if (!data.success) return [];
      const { token, name, caller, digest, procedures, expires } = data.data;
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
      return [{ op: 'put', table: 'tokens', row }];
    }
    if (event.kind === 'token.revoked') {
      const data = revoked.safeParse(event.data);
      if (!data.success) return [];
      return [{ op: 'patch', table: 'tokens', key: { id: data.data.token }, set: { revoked: event.time } }];
    }
    return [{ op: 'patch', table: 'tokens', key: { revoked: null }, set: { revoked: event.time } }];
  },
};
