import { z } from 'zod';
import { ProtocolErrorCode } from '@modelcontextprotocol/server';
import { agentPlace } from '../resources/resources.ts';

/** Each stream, and each session of an older client, follows so many resources at most. */
export const mostFollowed = 200;

const listenSchema = z.object({
  id: z.union([z.string(), z.number()]),
  method: z.literal('subscriptions/listen'),
  params: z.object({
    notifications: z.object({
      resourcesListChanged: z.boolean().optional(),
      resourceSubscriptions: z.array(z.string()).optional(),
    }),
  }),
});

/** What somebody wants to hear who asks for a stream. */
export interface ListeningWish {
  readonly agents: boolean;
  /** Why it gets none; null: it may have it. */
  readonly refusal: Response | null;
}

/** Null where a message asks for something else; what is wrong in other ways is refused by the kit. */
export function listeningWish(message: unknown): ListeningWish | null {
  // Most messages are calls, which are not read twice for this.
  if ((message as { method?: unknown } | null)?.method !== 'subscriptions/listen') return null;
  const read = listenSchema.safeParse(message);
  if (!read.success) return null;
  const { id, params } = read.data;
  const { resourcesListChanged = false, resourceSubscriptions: uris = [] } = params.notifications;
  if (uris.length <= mostFollowed)
    return { agents: resourcesListChanged || uris.some(isAgent), refusal: null };
  const said = `One stream follows at most ${mostFollowed} resources; this names ${uris.length}.`;
  const error = { code: ProtocolErrorCode.InvalidParams, message: said };
  return { agents: false, refusal: Response.json({ jsonrpc: '2.0', id, error }) };
}

export const isAgent = (uri: string) => uri.startsWith(agentPlace);
