import type { IncomingMessage, ServerResponse } from 'node:http';
import { readJson } from '../../gateway/body.ts';
import { defaultLimits } from '../../gateway/limits.ts';
import { Places } from '../calling/places.ts';
import type { HouseBehind } from '../reaching/house.ts';
import { AgentChanges } from '../resources/agent-changes.ts';
import { RunChanges } from '../resources/run-changes.ts';
import type { McpCaller } from './caller.ts';
import type { Callers } from './callers.ts';
import { type AllDesks, Desk, type Speak } from './desk.ts';
import { plainCall } from './plain-call.ts';
import { asWebRequest, sendMessage, sendWebResponse } from './web-exchange.ts';

/** The words of the protocol, in all its versions that clients speak; each caller has a desk of its own. */
export class Protocol {
  readonly #house: HouseBehind;
  readonly #speak: Speak | undefined;
  readonly #all: AllDesks;
  readonly #desks = new Map<string, Desk>();

  constructor(house: HouseBehind, speak?: Speak) {
    this.#house = house;
    this.#speak = speak;
    const changes = { runs: new RunChanges(house), agents: new AgentChanges(house) };
    this.#all = { changes, places: new Places() };
  }

  async answer(
    request: IncomingMessage,
    response: ServerResponse,
    caller: McpCaller,
    { callers, closing }: { callers: Callers; closing: AbortSignal },
  ): Promise<void> {
    const parsedBody = await readJson(request, defaultLimits.bodyBytes);
    const desk = this.#deskOf(caller, callers);
    const leaving = () => leavingOf(response, closing);
    const plain = this.#speak ? null : plainCall(request, parsedBody, caller);
    if (plain) return sendMessage(response, await desk.answerPlain(plain, leaving));
    const web = asWebRequest(request, leaving());
    await sendWebResponse(response, await desk.answer(web, parsedBody), closing);
  }

  async close(): Promise<void> {
    const desks = [...this.#desks.values()];
    this.#desks.clear();
    await Promise.all(desks.map((desk) => desk.close()));
  }

  #deskOf(caller: McpCaller, callers: Callers): Desk {
    const known = this.#desks.get(caller.id);
    if (known) return known;
    const desk = new Desk(this.#house, caller, this.#all, this.#speak);
    this.#desks.set(caller.id, desk);
    callers.whenEnded(caller, () => {
      this.#desks.delete(caller.id);
      void desk.close();
    });
    return desk;
  }
}

/** Aborted when whoever asked has left before it was answered, or Holdfast stops. */
function leavingOf(response: ServerResponse, closing: AbortSignal): AbortSignal {
  const leaving = new AbortController();
  const leave = () => leaving.abort();
  closing.addEventListener('abort', leave);
  response.once('close', () => {
    closing.removeEventListener('abort', leave);
    // Nobody waits for the end of what was answered.
    if (!response.writableFinished) leave();
  });
  if (closing.aborted || response.destroyed) leave();
  return leaving.signal;
}
