import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { planOf, type Sent } from './answer-plan.ts';
import { chatEvents } from './chat-events.ts';
import { geminiEvents, sendGemini } from './gemini-events.ts';
import { geminiPath, readGemini } from './gemini-request.ts';
import { messagesEvents } from './messages-events.ts';
import { readRequest, type StandInRequest, type WireName } from './read-request.ts';
import { refusal } from './refusal.ts';
import type { Scripted } from './scripted.ts';
import { responsesEvents } from './responses-events.ts';
import { sendEvents } from './send-events.ts';

export type { StandInRequest } from './read-request.ts';
export type { Failure, Scripted } from './scripted.ts';
export { status } from './scripted.ts';

export interface ModelStandInOptions {
  /** Answered in this order; one request more is an error 500 that says so. */
  readonly script?: readonly Scripted[];
  /** Asked for each request, where there is no script. */
  readonly answer?: (request: StandInRequest) => Scripted | Promise<Scripted>;
  /** Other keys are refused. */
  readonly key?: string;
  /** Other models are unknown; without it every name is known. */
  readonly models?: readonly string[];
  /** Speaks as Ollama does when it is asked for its models. */
  readonly ollama?: boolean;
  readonly port?: number;
  /** Another address of loopback than 127.0.0.1, which a sandbox takes for its own. */
  readonly address?: string;
}

export interface ModelStandIn {
  /** `http://127.0.0.1:PORT`, the base URL for Messages and of Gemini. */
  readonly url: string;
  /** The base URL for chat completions and Responses. */
  readonly openai: string;
  /** Every request for an answer, in order. */
  readonly requests: readonly StandInRequest[];
  /** Answers of the rest of a script; a new one may be given at any time. */
  script(answers: readonly Scripted[]): void;
  /** How many connections are answering now. */
  answering(): number;
  close(): Promise<void>;
}

const wires: Readonly<Record<string, Exclude<WireName, 'gemini'>>> = {
  '/v1/messages': 'messages',
  '/v1/chat/completions': 'chat',
  '/v1/responses': 'responses',
};

type Reader = (
  number: number,
  headers: StandInRequest['headers'],
  body: StandInRequest['body'],
) => StandInRequest;

function readerAt(path: string): Reader | null {
  const wire = wires[path];
  if (wire) return (...sent) => readRequest(wire, ...sent);
  const gemini = geminiPath(path);
  return gemini && ((...sent) => readGemini(gemini, ...sent));
}

/** A server on loopback that speaks as providers of models do, and answers as it is told to. */
export async function startModelStandIn(options: ModelStandInOptions): Promise<ModelStandIn> {
  const requests: StandInRequest[] = [];
  let rest = [...(options.script ?? [])];
  let answering = 0;
  const next = async (request: StandInRequest): Promise<Scripted> =>
    options.answer
      ? options.answer(request)
      : (rest.shift() ?? { failure: { kind: 'status', status: 500, message: 'The script is at its end.' } });

  const server = createServer((incoming, outgoing) => {
    answering++;
    outgoing.once('close', () => answering--);
    answer(incoming, outgoing).catch((failure: unknown) => {
      if (!outgoing.headersSent) outgoing.writeHead(500);
      outgoing.end(String(failure));
    });
  });

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const path = (incoming.url ?? '').split('?', 1)[0] ?? '';
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
    );
    if (incoming.method === 'GET') return listModels(path, options, headers, outgoing);
    const read = readerAt(path);
    if (!read)
      return refusal({ kind: 'status', status: 404, message: `Nothing is at ${path}.` }, 'chat', outgoing);
    const request = read(requests.length, headers, await bodyOf(incoming));
    requests.push(request);
    const refused = refusedBefore(options, request);
    const scripted = refused ?? (await next(request));
    await scripted.after;
    if (scripted.failure?.kind === 'status') return refusal(scripted.failure, request.wire, outgoing);
    if (request.wire === 'gemini' && !request.stream && !scripted.failure)
      return sendGemini(planOf(request, scripted), outgoing);
    await sendEvents(eventsOf(request, scripted), scripted, request.wire, outgoing);
  }

  const { address = '127.0.0.1' } = options;
  server.listen(options.port ?? 0, address);
  await new Promise<void>((resolve, reject) => server.once('listening', resolve).once('error', reject));
  const url = `http://${address}:${(server.address() as AddressInfo).port}`;
  return {
    url,
    openai: `${url}/v1`,
    requests,
    script: (answers) => void (rest = [...answers]),
    answering: () => answering,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function eventsOf(request: StandInRequest, scripted: Scripted): Iterable<Sent> {
  const plan = planOf(request, scripted);
  if (request.wire === 'messages') return messagesEvents(plan);
  if (request.wire === 'gemini') return geminiEvents(plan);
  return (request.wire === 'chat' ? chatEvents : responsesEvents)(plan, 1_700_000_000);
}

const keyOf = (headers: Readonly<Record<string, string>>) =>
  headers['x-api-key'] ?? headers['x-goog-api-key'] ?? headers['authorization']?.replace(/^Bearer /i, '');

function refusedBefore({ key, models }: ModelStandInOptions, request: StandInRequest): Scripted | null {
  if (key !== undefined && keyOf(request.headers) !== key)
    return request.wire === 'gemini'
      ? {
          failure: {
            kind: 'status',
            status: 400,
            message: 'API key not valid. Please pass a valid API key.',
          },
        }
      : { failure: { kind: 'status', status: 401, message: 'invalid x-api-key' } };
  if (models && !models.includes(request.model))
    return {
      failure: { kind: 'status', status: 404, label: 'not_found_error', message: `model: ${request.model}` },
    };
  return null;
}

function listModels(
  path: string,
  { key, models = [], ollama = false }: ModelStandInOptions,
  headers: Readonly<Record<string, string>>,
  outgoing: ServerResponse,
): void {
  const say = (code: number, body: unknown) => {
    outgoing.writeHead(code, { 'content-type': 'application/json' });
    outgoing.end(JSON.stringify(body));
  };
  if (key !== undefined && keyOf(headers) !== key)
    return refusal({ kind: 'status', status: 401, message: 'invalid x-api-key' }, 'chat', outgoing);
  if (ollama && path === '/api/tags')
    return say(200, { models: models.map((name) => ({ name, model: name })) });
  if (path === '/v1/models')
    return say(200, {
      object: 'list',
      data: models.map((id) => ({ id, object: 'model', type: 'model', display_name: id })),
      has_more: false,
    });
  return say(404, { error: { message: `Nothing is at ${path}.` } });
}

async function bodyOf(incoming: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
}
