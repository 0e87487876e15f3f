import type { IncomingMessage, ServerResponse } from 'node:http';
import { passModels } from '../../shared/contract/pass-models.ts';
import { Problem } from '../../shared/problem.ts';
import type { Later } from '../base/later.ts';
import type { Payer } from '../models/passing.ts';
import type { PassingDoor } from '../models/passing-door.ts';
import { tokenIn } from '../models/passing-token.ts';
import { actorOf, type Transport } from './caller.ts';
import type { Refusals } from './refusals.ts';
import type { Tokens } from './tokens.ts';

export interface PassingFrontNeeds {
  readonly tokens: Tokens;
  readonly refusals: Refusals;
  readonly transport: Transport;
  readonly door: Later<PassingDoor>;
}

/** Answers programs that speak with models by way of Holdfast, each by a token that was made for it. */
export async function answerPassed(
  { tokens, refusals, transport, door }: PassingFrontNeeds,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const ending = new AbortController();
  const payer = (): Payer => {
    const value = tokenIn(request);
    const token = value === undefined ? undefined : tokens.holder(value);
    const caller = token === undefined ? undefined : tokens.caller(token);
    if (token === undefined || !caller) {
      refusals.note(transport, value === undefined ? 'no token' : 'a token that is not in force');
      throw new Problem(
        'unauthorized',
        'This needs a token that is in force.',
        'Make one with `holdfast token create NAME --models`.',
      );
    }
    // Who may do everything else may not spend money by being used for another purpose.
    if (caller.procedures?.includes(passModels) !== true) {
      refusals.note(transport, 'not among the token’s procedures');
      throw new Problem(
        'forbidden',
        'This token was not made for asking models.',
        'Make one with `holdfast token create NAME --models`.',
      );
    }
    const forget = tokens.whenEnded(token, () => ending.abort());
    response.once('close', forget);
    const { tokens: most = null, micros = null, periodSeconds = 0 } = tokens.budget(token) ?? {};
    return {
      actor: actorOf(caller),
      agent: token,
      session: null,
      budgets: { agent: { tokens: most, micros, periodSeconds } },
      model: null,
    };
  };
  await (await door()).answer(request, response, path, { payer, signal: ending.signal });
}
