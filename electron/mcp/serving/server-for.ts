import {
  isInputRequiredResult,
  McpServer,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
  type Tool as ListedTool,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { version } from '../../base/version.ts';
import { carryCall } from '../calling/carry-call.ts';
import type { CallRecord } from '../calling/call-record.ts';
import type { Pace } from '../calling/pace.ts';
import { type CallPlaces, inPlace } from '../calling/places.ts';
import type { ToolCall } from '../calling/tool.ts';
import { Prompts } from '../prompts/prompts.ts';
import type { HouseBehind } from '../reaching/house.ts';
import { OwnRuns } from '../reaching/own-runs.ts';
import { Resources } from '../resources/resources.ts';
import { toolFor, tools } from '../tools/catalogue.ts';
import { answerOf, mayAsk } from './answer-of.ts';
import { askingMeanwhile } from './ask-older.ts';
import type { McpCaller } from './caller.ts';
import { isAgent, mostFollowed } from './listening-wish.ts';
import { type SaidOfClient, saidInEnvelope } from './said-of-client.ts';

export interface Serving {
  readonly house: HouseBehind;
  readonly caller: McpCaller;
  readonly pace: Pace;
  readonly places: CallPlaces;
  readonly calls: CallRecord;
  /** Of a client of an older version, whose session this is; null: each request says all that there is to know. */
  readonly session: OlderClient | null;
}

export interface OlderClient {
  readonly said: SaidOfClient;
  /** What it wants to hear of. */
  readonly subscribed: Set<string>;
  /** A call of it begins, which keeps its session until it is over. */
  readonly working: () => () => void;
  /** Called when something of that is an agent. */
  readonly wantsAgents: () => void;
}

/** The part of the protocol's kit in which requests are answered. */
export type Speaker = McpServer['server'];

/** As Holdfast names itself to programs. */
export const ourselves = { name: 'holdfast', title: 'Holdfast', version };

const instructions =
  'Holdfast runs agents on this machine in sandboxes, and keeps a record of what they do. Hand it a goal with submit_goal or a task with run_agent; follow it with get_run. What crosses a boundary waits for a person.';

/** One that speaks for one caller. It is made for each request, so nothing that could be made once is made here. */
export function serverFor({ house, caller, pace, places, calls, session }: Serving): Speaker {
  const { server } = new McpServer(ourselves, {
    capabilities: {
      tools: {},
      resources: { subscribe: true, listChanged: true },
      prompts: {},
      completions: {},
    },
    instructions,
  });
  const runs = new OwnRuns(house, caller);
  const resources = new Resources(house, caller, runs);
  const prompts = new Prompts(house);
  server.setRequestHandler('tools/list', () => ({ tools: listedFor(caller) }));
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const tool = toolFor(params.name, caller.rights);
    if (!tool) throw unknown(`There is no tool “${params.name}”.`);
    const client = session?.said ?? saidInEnvelope(context.mcpReq.envelope);
    const call = callFrom(context, client, { house, caller, runs });
    const wanted = { tool, input: params.arguments, program: client.program, pace, calls };
    const carry = (each: ToolCall) => carryCall(wanted, each);
    const carried = await inPlace(places, call, () =>
      session ? askingMeanwhile(context, call, carry).finally(session.working()) : carry(call),
    );
    const answer = answerOf(carried);
    const schema = listed?.find(({ name }) => name === tool.name)?.outputSchema;
    return isInputRequiredResult(answer) ? answer : server.projectCallToolResult(answer, schema);
  });
  server.setRequestHandler('resources/list', ({ params }) => resources.list(params?.cursor));
  server.setRequestHandler('resources/templates/list', () => resources.templates());
  server.setRequestHandler('resources/read', ({ params }) => resources.read(params.uri));
  server.setRequestHandler('prompts/list', () => prompts.list());
  server.setRequestHandler('prompts/get', ({ params }) => prompts.get(params.name, params.arguments ?? {}));
  server.setRequestHandler('completion/complete', async ({ params: { ref, argument } }) => {
    const values =
      ref.type === 'ref/prompt'
        ? await prompts.complete(ref.name, argument.name, argument.value)
        : await resources.complete(argument.name, argument.value);
    return { completion: { values: values.slice(0, 100), total: values.length } };
  });
  if (session) {
    const { subscribed, wantsAgents } = session;
    server.setRequestHandler('resources/subscribe', ({ params: { uri } }) => {
      if (subscribed.size >= mostFollowed && !subscribed.has(uri))
        throw new ProtocolError(ProtocolErrorCode.InvalidRequest, `At most ${mostFollowed} are followed.`);
      resources.existing(uri);
      subscribed.add(uri);
      if (isAgent(uri)) wantsAgents();
      return {};
    });
    server.setRequestHandler('resources/unsubscribe', ({ params: { uri } }) => {
      subscribed.delete(uri);
      return {};
    });
  }
  return server;
}

const unknown = (words: string) => new ProtocolError(ProtocolErrorCode.InvalidParams, words);

let listed: readonly ListedTool[] | undefined;

/** Their schemas are made once. */
function listedFor({ rights }: McpCaller): ListedTool[] {
  listed ??= tools.map((tool): ListedTool => ({
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: schemaOf(tool.input, 'input'),
    outputSchema: schemaOf(tool.output, 'output'),
    annotations: {
      title: tool.title,
      readOnlyHint: tool.reads,
      destructiveHint: tool.destroys,
      idempotentHint: tool.repeatable,
      openWorldHint: tool.outside,
    },
  }));
  return listed.filter(({ name }) => rights.tools.some((held) => held === name));
}

const schemaOf = (schema: z.ZodType, io: 'input' | 'output') =>
  z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as ListedTool['inputSchema'];

function callFrom(
  { mcpReq }: ServerContext,
  client: SaidOfClient,
  { house, caller, runs }: Pick<ToolCall, 'house' | 'caller' | 'runs'>,
): ToolCall {
  const token = mcpReq._meta?.progressToken;
  const { inputResponses } = mcpReq;
  const state = mcpReq.requestState();
  const following = house.activity.following(mcpReq.signal);
  return {
    house,
    caller,
    runs,
    signal: () => following,
    progress(message, done, total) {
      if (token === undefined) return;
      const params = { progressToken: token, progress: done, total, message };
      // Whoever has gone hears nothing of it.
      mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined);
    },
    canAsk: mayAsk(caller, client),
    answered: typeof state === 'string' && inputResponses ? { state, answers: inputResponses } : null,
  };
}
