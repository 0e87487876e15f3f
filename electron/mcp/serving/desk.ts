import {
  createMcpHandler,
  isLegacyRequest,
  type McpHttpHandler,
  PROTOCOL_VERSION_META_KEY,
} from '@modelcontextprotocol/server';
import { CallRecord } from '../calling/call-record.ts';
import { Pace } from '../calling/pace.ts';
import { Places } from '../calling/places.ts';
import type { HouseBehind } from '../reaching/house.ts';
import { CallerBus, type HouseChanges } from '../resources/caller-bus.ts';
import type { McpCaller } from './caller.ts';
import { listeningWish } from './listening-wish.ts';
import { OlderSessions } from './older-sessions.ts';
import { plainAnswer } from './plain-answer.ts';
import type { PlainCall } from './plain-call.ts';
import { serverFor, type Serving, type Speaker } from './server-for.ts';

/** What answers the requests of one caller. */
export type Speak = (serving: Serving) => Speaker;

/** Streams that one caller may leave open to hear what changes. */
const mostListening = 256;

/** What all callers have in common. */
export interface AllDesks {
  readonly changes: HouseChanges;
  /** Of calls under way, whoever made them. */
  readonly places: Places;
}

/** All that is kept of one caller between its requests. */
export class Desk {
  readonly #modern: McpHttpHandler;
  readonly #older: OlderSessions;
  readonly #calls: CallRecord;
  readonly #bus: CallerBus;
  readonly #serving: Omit<Serving, 'session'>;

  constructor(
    house: HouseBehind,
    caller: McpCaller,
    { changes, places }: AllDesks,
    speak: Speak = serverFor,
  ) {
    const bus = new CallerBus(changes, caller);
    this.#bus = bus;
    this.#calls = new CallRecord(house);
    const ofCalls = { pace: new Pace(), places: { own: new Places(), all: places }, calls: this.#calls };
    const serving = { house, caller, ...ofCalls };
    this.#serving = serving;
    this.#modern = createMcpHandler(() => speak({ ...serving, session: null }), {
      legacy: 'reject',
      bus,
      maxSubscriptions: mostListening,
      onerror: (failure) => house.log.debug({ err: failure }, 'a request by MCP was refused'),
    });
    this.#older = new OlderSessions({
      clock: house.clock,
      bus,
      server: (session) => speak({ ...serving, session }),
    });
  }

  async answer(request: Request, parsedBody: unknown): Promise<Response> {
    const wish = listeningWish(parsedBody);
    if (wish?.refusal) return wish.refusal;
    if (wish?.agents) this.#bus.wantsAgents();
    const isOlder = !namesItsVersion(parsedBody) && (await isLegacyRequest(request, parsedBody));
    return isOlder ? this.#older.answer(request, parsedBody) : this.#modern.fetch(request, { parsedBody });
  }

  /** The message that answers it. */
  answerPlain(call: PlainCall, leaving: () => AbortSignal): Promise<string> {
    return plainAnswer(call, this.#serving, leaving);
  }

  async close(): Promise<void> {
    this.#older.close();
    await this.#modern.close();
    await this.#calls.flush();
  }
}

/** As every message of the newest protocol does: then the kit, which looks again, need not be asked twice. */
function namesItsVersion(message: unknown): boolean {
  const { method, params } = (message ?? {}) as { method?: unknown; params?: { _meta?: unknown } | null };
  const said = params?._meta;
  return (
    typeof said === 'object' && said !== null && PROTOCOL_VERSION_META_KEY in said && method !== 'initialize'
  );
}
