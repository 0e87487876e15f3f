import { ProtocolErrorCode, SERVER_INFO_META_KEY } from '@modelcontextprotocol/server';
import { Problem } from '../../../shared/problem.ts';
import { carryCall } from '../calling/carry-call.ts';
import { inPlace } from '../calling/places.ts';
import type { ToolCall } from '../calling/tool.ts';
import { OwnRuns } from '../reaching/own-runs.ts';
import { answerOf, mayAsk } from './answer-of.ts';
import type { PlainCall } from './plain-call.ts';
import { ourselves, type Serving } from './server-for.ts';

/** Carries a plain call out; answers with the message that the kit would have sent. */
export async function plainAnswer(
  { id, tool, input, client }: PlainCall,
  { house, caller, pace, places, calls }: Omit<Serving, 'session'>,
  leaving: () => AbortSignal,
): Promise<string> {
  let following: AbortSignal | undefined;
  const call: ToolCall = {
    house,
    caller,
    runs: new OwnRuns(house, caller),
    signal: () => (following ??= house.activity.following(leaving())),
    progress: () => undefined,
    canAsk: mayAsk(caller, client),
    answered: null,
  };
  try {
    const wanted = { tool, input, program: client.program, pace, calls };
    const carried = await inPlace(places, call, () => carryCall(wanted, call));
    const result = { resultType: 'complete', ...answerOf(carried), _meta };
    return JSON.stringify({ result, jsonrpc: '2.0', id });
  } catch (thrown) {
    const error = { code: ProtocolErrorCode.InternalError, message: Problem.of(thrown).message };
    return JSON.stringify({ jsonrpc: '2.0', id, error });
  }
}

const _meta = { [SERVER_INFO_META_KEY]: ourselves };
