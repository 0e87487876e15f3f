import { z } from 'zod';
import { type Capability, type Limits, limitsSchema } from '../../shared/capability.ts';
import { readCapability } from '../../shared/capability/text.ts';
import { actionKinds } from '../../shared/events/action-kinds.ts';
import { type Scope, scopeSchema } from '../../shared/events/event.ts';
import { type Id, idSchema } from '../../shared/ids.ts';
import type { Cell, Projection } from '../audit/projection.ts';

const granted = actionKinds['capability.granted'].data;
const used = actionKinds['capability.used'].data;
const revoked = actionKinds['capability.revoked'].data;
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
      const data = granted.safeParse(event.data);
      if (!data.success) return [];
      const { token, agent, capability, limits, parent } = data.data;
      const told = { limits: JSON.stringify(limits), scope: JSON.stringify(event.scope) };
      const row = { token, agent, capability, parent, used: 0, last_used: null, ...told };
      return [{ op: 'put', table, row }];
    }
    if (event.kind === 'capability.used') {
      const data = used.safeParse(event.data);
      if (!data.success) return [];
      const set = { used: data.data.used, last_used: event.time };
      return [{ op: 'patch', table, key: { token: data.data.token }, set }];
    }
    if (event.kind === 'capability.revoked') {
      const data = revoked.safeParse(event.data);
      return data.success ? [{ op: 'drop', table, key: { token: data.data.token } }] : [];
    }
    return [];
  },
};

export interface CapabilityRow {
  readonly token: Id<'capability'>;
  readonly agent: string;
  readonly capability: Capability;
  readonly limits: Limits;
  readonly parent: Id<'capability'> | null;
  readonly scope: Scope;
  readonly used: number;
  readonly lastUsed: string | null;
}

export const everyCapabilityRow = `SELECT * FROM ${table} ORDER BY token`;

const rowSchema = z.object({
  token: idSchema('capability'),
  agent: z.string(),
  capability: z.string(),
  limits: z.string(),
  parent: idSchema('capability').nullable(),
  scope: z.string(),
  used: z.int(),
  last_used: z.string().nullable(),
});

/** A row as values; throws where another version wrote what this one does not understand. */
export function readCapabilityRow(cells: Readonly<Record<string, Cell>>): CapabilityRow {
  const { last_used: lastUsed, ...row } = rowSchema.parse(cells);
  return {
    ...row,
    capability: readCapability(row.capability),
    limits: limitsSchema.parse(JSON.parse(row.limits)),
    scope: scopeSchema.parse(JSON.parse(row.scope)),
    lastUsed,
  };
}
