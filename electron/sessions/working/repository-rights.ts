import type { HostPattern } from '../../../shared/capability/host-pattern.ts';
import type { Id } from '../../../shared/ids.ts';
import type { EgressGate } from '../../sandbox/egress.ts';
import { SessionRights } from '../preparing/session-rights.ts';
import { Connections } from '../running/connections.ts';
import { SessionGate } from '../running/session-gate.ts';
import { clonerOf } from './cloner.ts';
import type { SessionParts } from '../session-parts.ts';

const system = { kind: 'system' } as const;

/** The right to one repository's host, while something is done with it; each connection is on the session's record. */
export async function withHost<Result>(
  parts: Pick<SessionParts, 'record' | 'clock' | 'log' | 'tokens'>,
  session: Id<'session'>,
  host: HostPattern,
  work: (gate: EgressGate) => Promise<Result>,
): Promise<Result> {
  const rights = new SessionRights(parts.tokens, session, null, clonerOf(session));
  const connections = new Connections({ ...parts, session });
  const gate = new SessionGate(rights, [host], connections);
  try {
    await rights.issue([{ kind: 'network', hosts: [host] }], system);
    return await work(gate);
  } finally {
    gate.end();
    await connections.end();
    await rights.end('its repository was fetched', system);
  }
}
