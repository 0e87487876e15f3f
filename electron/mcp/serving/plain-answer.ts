import { ProtocolErrorCode, SERVER_INFO_META_KEY } from '@modelcontextprotocol/server';
import { Problem } from '../../../shared/problem.ts';
import { carryCall } from '../calling/carry-call.ts';
import { inPlace } from '../calling/places.ts';
import type { ToolCall } from '../calling/tool.ts';
import type { HouseBehind } from '../reaching/house.ts';
import { OwnRuns } from '../reaching/own-runs.ts';
import { answerOf, mayAsk } from './answer-of.ts';
import type { McpCaller } from './caller.ts';
import type { PlainCall } from './plain-call.ts';
import { ourselves, type Serving } from './server-for.ts';

/** One that wants to hear nothing on the way. */
class PlainToolCall implements ToolCall {
  readonly house: HouseBehind;
  readonly caller: McpCaller;
  readonly runs: OwnRuns;
  readonly canAsk: boolean;
  readonly answered = null;
  readonly #leaving: () => AbortSignal;
  #signal: AbortSignal | undefined;

  constructor(house: HouseBehind, caller: McpCaller, canAsk: boolean, leaving: () => AbortSignal) {
    this.house = house;
    this.caller = caller;
    this.runs = new OwnRuns(house, caller);
    this.canAsk = canAsk;
    this.#leaving = leaving;
  }

  /** Most tools answer at once and never look, and a signal costs as much as the rest of a small call. */
  get signal(): AbortSignal {
    return (this.#signal ??= this.house.activity.following(this.#leaving()));
  }

  progress(): void {}
}

/** Carries a plain call out; answers with the message that the kit would have sent. */
export async function plainAnswer(
  { id, tool, input, client }: PlainCall,
  { house, caller, pace, places, calls }: Omit<Serving, 'session'>,
  leaving: () => AbortSignal,
): Promise<string> {
  const call = new PlainToolCall(house, caller, mayAsk(caller, client), leaving);
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
