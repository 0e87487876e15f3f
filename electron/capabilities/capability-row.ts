import { z } from 'zod';
import { type Capability, type Limits, limitsSchema } from '../../shared/capability.ts';
import { readCapability } from '../../shared/capability/text.ts';
import { type Scope, scopeSchema } from '../../shared/events/event.ts';
import { type Id, idSchema } from '../../shared/ids.ts';
import type { Cell } from '../audit/projection.ts';

/** One row of the derived table `capability_tokens`. */
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
