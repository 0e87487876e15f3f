import type { DataOf } from '../../audit/projection.ts';
import type { Id } from '../../../shared/ids.ts';
import type { McpClientCall } from '../../../shared/mcp.ts';
import type { AuditRecord } from '../../audit/record.ts';

/** What one program asked last, the newest first, as the record tells it. */
export async function callsOf(
  record: Pick<AuditRecord, 'query'>,
  token: Id<'token'>,
  most: number,
): Promise<McpClientCall[]> {
  const filter = { actor: token, kinds: ['mcp.called', 'mcp.answered'] };
  // Each call is two events at most, so so many hold all that is asked for.
  const { events } = await record.query({ filter, limit: 2 * most });
  const answered = new Map<string, boolean>();
  const calls: McpClientCall[] = [];
  for (const { id, kind, parent, time, data } of events) {
    if (kind === 'mcp.answered' && parent) answered.set(parent, (data as DataOf<'mcp.answered'>).ok);
    if (kind !== 'mcp.called') continue;
    const { tool, program, answer } = data as DataOf<'mcp.called'>;
    calls.push({ at: time, tool, program, ok: answer?.ok ?? answered.get(id) ?? null });
  }
  return calls.slice(0, most);
}
