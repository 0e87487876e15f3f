import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Id } from '../../../shared/ids.ts';
import { actorOf } from '../../gateway/caller.ts';
import type { Tokens } from '../../gateway/tokens.ts';
import type { McpOfSession } from '../../sessions/session-mcp.ts';
import type { McpCaller } from './caller.ts';

/** Why nobody is answered, in words of ours that repeat nothing of what was sent. */
export interface Stranger {
  readonly stranger: string;
}

/** Says who asks, by what came with the request. */
export interface Callers {
  of(request: IncomingMessage): McpCaller | Stranger;
  /** Calls once when this caller is nobody any more; the returned function forgets it. */
  whenEnded(caller: McpCaller, call: () => void): () => void;
}

export const bearer = ({ headers }: IncomingMessage) =>
  /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];

/** Outside programs, each with a token that was made for this. */
export function outsideCallers(tokens: Pick<Tokens, 'holder' | 'caller' | 'whenEnded'>): Callers {
  // A connection shows the same token again and again. Whose it is never changes; whether it is in force is asked each time.
  const shown = new WeakMap<Socket, { readonly header: string; readonly id: Id<'token'> }>();
  const holder = ({ socket, headers }: IncomingMessage, value: string) => {
    const { authorization: header = '' } = headers;
    const before = shown.get(socket);
    if (before?.header === header) return before.id;
    const id = tokens.holder(value);
    if (id !== undefined) shown.set(socket, { header, id });
    return id;
  };
  return {
    of(request) {
      const value = bearer(request);
      if (value === undefined) return { stranger: 'no token' };
      const id = holder(request, value);
      const caller = id === undefined ? undefined : tokens.caller(id);
      if (id === undefined || !caller) return { stranger: 'a token that is not in force' };
      const { mcp: rights, name } = caller;
      if (rights === null) return { stranger: 'a token that was not made for MCP' };
      return { id, actor: actorOf(caller), name, rights, session: null };
    },
    whenEnded({ id }, call) {
      return tokens.whenEnded(id as Parameters<typeof tokens.whenEnded>[0], call);
    },
  };
}

/** The agent of one session, whose token was looked at where its programs come in. */
export function callerOfSession({ session, agent, rights, ended }: McpOfSession): Callers {
  const caller: McpCaller = {
    id: session,
    actor: { kind: 'agent', id: session },
    name: agent,
    rights: { ...rights, tools: rights.tools.filter((tool) => tool !== 'answer_approval') },
    session,
  };
  return {
    of: () => (ended.aborted ? { stranger: 'a session that is over' } : caller),
    whenEnded(_, call) {
      ended.addEventListener('abort', call, { once: true });
      return () => ended.removeEventListener('abort', call);
    },
  };
}
