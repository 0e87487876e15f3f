import type { CallerKind } from '../../shared/contract/procedure.ts';
import type { Actor } from '../../shared/events/event.ts';
import type { Id } from '../../shared/ids.ts';
import type { McpRights } from '../../shared/mcp.ts';

/** Who is calling. It always comes from a token (or from a port that the desktop handed out), never from a request's body. */
export interface Caller {
  readonly kind: CallerKind;
  readonly name: string;
  /** Null for the desktop's own window, which holds a port and no token. */
  readonly token: Id<'token'> | null;
  /** Null: whatever this kind of caller may call. */
  readonly procedures: readonly string[] | null;
  /** What it may do by MCP; null: nothing. */
  readonly mcp: McpRights | null;
}

export type Transport = 'http' | 'websocket' | 'socket' | 'port' | 'mcp';

/** What each call carries beside its input. */
export interface CallContext {
  readonly transport: Transport;
  /** The caller as of now: a token that was revoked or ran out is nobody, even on an open connection. */
  readonly caller: () => Caller | undefined;
  /** Why there is no caller, for the record; null where no token was shown at all. */
  readonly refusal: string | null;
}

/** The caller as the one who did something, on the record. */
export function actorOf(caller: Caller): Actor {
  return caller.token === null ? { kind: caller.kind } : { kind: caller.kind, id: caller.token };
}
