import type { Actor } from '../../../shared/events/event.ts';
import type { Id } from '../../../shared/ids.ts';
import type { McpRights } from '../../../shared/mcp.ts';

/** Who speaks MCP with us: a program with a token of its own, or the agent of a session. */
export interface McpCaller {
  /** What all its connections have in common. */
  readonly id: Id<'token'> | Id<'session'>;
  readonly actor: Actor;
  readonly name: string;
  readonly rights: McpRights;
  /** Whose agent it is; null: an outside program. */
  readonly session: Id<'session'> | null;
}
