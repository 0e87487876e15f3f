import type { ServerContext } from '@modelcontextprotocol/server';
import type { Carried } from '../calling/carry-call.ts';
import type { Asking, ToolCall } from '../calling/tool.ts';

/** A person is asked so often within one call; what is asked then waits here. */
const mostRounds = 8;
const personMilliseconds = 600_000;

/**
 * Carries a call of an older client out, whose person is asked while it waits: it is under way until all is answered. Who
 * is not reached, or does not answer, has declined.
 */
export async function askingMeanwhile(
  context: ServerContext,
  first: ToolCall,
  carry: (call: ToolCall) => Promise<Carried>,
): Promise<Carried> {
  const { canAsk } = first;
  const signal = first.signal();
  let { answered } = first;
  for (let round = 1; ; round++) {
    const carried = await carry({ ...first, answered, canAsk: canAsk && round <= mostRounds });
    if (carried.kind !== 'asks' || signal.aborted) return carried;
    const { asking, state } = carried.asking;
    answered = { state, answers: await answersTo(asking, context, signal) };
  }
}

async function answersTo(
  asking: Asking['asking'],
  { mcpReq }: ServerContext,
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>>> {
  const options = { signal, timeout: personMilliseconds };
  const answers = Object.entries(asking).map(async ([id, { message, requestedSchema }]) => {
    const params = { message, requestedSchema: { ...requestedSchema } };
    const answer = await mcpReq
      .send({ method: 'elicitation/create', params }, options)
      .catch(() => ({ action: 'decline' as const }));
    return [id, answer] as const;
  });
  return Object.fromEntries(await Promise.all(answers));
}
