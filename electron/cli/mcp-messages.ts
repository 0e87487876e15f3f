/** One message of the protocol, as far as it is looked at here. */
export interface Message {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: unknown;
}

const versionKey = 'io.modelcontextprotocol/protocolVersion';

/** Which field of a request is its name, by its method. */
const named: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
};

/** What HTTP wants to know of a message of the version of 2026: it says of itself which one it is. */
export function headersOf({ method, params }: Message): Record<string, string> {
  const given = (params ?? {}) as Readonly<Record<string, unknown>>;
  const version = (given['_meta'] as Readonly<Record<string, unknown>> | undefined)?.[versionKey];
  if (method === undefined || typeof version !== 'string' || !isPlain(version)) return {};
  const name = Object.hasOwn(named, method) ? given[named[method] ?? ''] : undefined;
  return {
    'mcp-protocol-version': version,
    'mcp-method': headerText(method),
    ...(typeof name === 'string' ? { 'mcp-name': headerText(name) } : {}),
  };
}

const isPlain = (text: string) => /^[!-~](?:[ -~]*[!-~])?$/.test(text);

const headerText = (text: string) =>
  isPlain(text) && !text.startsWith('=?') ? text : `=?base64?${Buffer.from(text).toString('base64')}?=`;

/** The session that an answer began. */
export function sessionOf({ method }: Message, answer: Response): string | null {
  return method === 'initialize' && answer.ok ? answer.headers.get('mcp-session-id') : null;
}

/** Every message of an answer, whether it came as JSON or as a stream. */
export async function* messagesIn(answer: Response): AsyncGenerator<unknown, void> {
  const type = answer.headers.get('content-type') ?? '';
  if (type.includes('text/event-stream') && answer.body) yield* messagesOfStream(answer.body);
  else if (type.includes('json')) {
    const value = (await answer.json()) as Readonly<Record<string, unknown>>;
    // Refusals of the door itself are in its own words.
    if (value['jsonrpc'] === '2.0') yield value;
    else yield { jsonrpc: '2.0', id: null, error: { code: -32_001, message: String(value['message']) } };
  } else await answer.body?.cancel();
}

async function* messagesOfStream(body: ReadableStream<Uint8Array>): AsyncGenerator<unknown, void> {
  const decoder = new TextDecoder();
  let kept = '';
  for await (const part of body) {
    kept += decoder.decode(part, { stream: true });
    for (let at = kept.indexOf('\n\n'); at >= 0; at = kept.indexOf('\n\n')) {
      const data = kept
        .slice(0, at)
        .split('\n')
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).replace(/^ /, ''))
        .join('\n');
      kept = kept.slice(at + 2);
      if (data.trim() !== '') yield JSON.parse(data) as unknown;
    }
  }
}
