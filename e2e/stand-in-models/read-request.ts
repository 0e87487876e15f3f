export type WireName = 'messages' | 'chat' | 'responses' | 'gemini';

/** A request as every wire says it, so that a script need not know which one was spoken. */
export interface StandInRequest {
  readonly wire: WireName;
  /** Which it is, from 0. */
  readonly number: number;
  readonly model: string;
  readonly system: string;
  readonly messages: readonly StandInMessage[];
  readonly tools: readonly string[];
  readonly stream: boolean;
  readonly headers: Readonly<Record<string, string>>;
  /** As it was sent. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface StandInMessage {
  readonly role: 'user' | 'assistant';
  readonly text: string;
  readonly images: number;
  readonly calls: readonly { readonly id: string; readonly tool: string; readonly input: unknown }[];
  readonly results: readonly { readonly call: string; readonly text: string; readonly failed: boolean }[];
}

interface Loose {
  readonly [name: string]: unknown;
}

const list = (value: unknown): Loose[] => (Array.isArray(value) ? (value as Loose[]) : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The words of a content that is a text or a list of parts. */
function words(content: unknown): string {
  if (typeof content === 'string') return content;
  return list(content)
    .map((part) => text(part['text']))
    .filter((part) => part !== '')
    .join('\n');
}

const pictures = (content: unknown) =>
  list(content).filter(({ type }) => type === 'image' || type === 'image_url' || type === 'input_image')
    .length;

const said = (role: StandInMessage['role'], more: Partial<StandInMessage>): StandInMessage => ({
  role,
  text: '',
  images: 0,
  calls: [],
  results: [],
  ...more,
});

export function readRequest(
  wire: Exclude<WireName, 'gemini'>,
  number: number,
  headers: Readonly<Record<string, string>>,
  body: Loose,
): StandInRequest {
  const read = { messages: readMessages, chat: readChat, responses: readResponses }[wire];
  return {
    wire,
    number,
    headers,
    body,
    model: text(body['model']),
    stream: body['stream'] === true,
    tools: list(body['tools']).flatMap(toolNames),
    ...read(body),
  };
}

/** Responses knows tools that stand together under a name: theirs goes before, with a dot. */
function toolNames(tool: Loose): string[] {
  const name = text(tool['name']) || text((tool['function'] as Loose)?.['name']);
  if (tool['type'] !== 'namespace') return [name];
  return list(tool['tools']).map((each) => `${name}.${text(each['name'])}`);
}

function readMessages(body: Loose): Pick<StandInRequest, 'system' | 'messages'> {
  return {
    system: words(body['system']),
    messages: list(body['messages']).map(({ role, content }) => {
      const parts = list(content);
      return said(role === 'assistant' ? 'assistant' : 'user', {
        text: words(content),
        images: pictures(content),
        calls: parts
          .filter(({ type }) => type === 'tool_use')
          .map((part) => ({ id: text(part['id']), tool: text(part['name']), input: part['input'] })),
        results: parts
          .filter(({ type }) => type === 'tool_result')
          .map((part) => ({
            call: text(part['tool_use_id']),
            text: words(part['content']),
            failed: part['is_error'] === true,
          })),
      });
    }),
  };
}

function readChat(body: Loose): Pick<StandInRequest, 'system' | 'messages'> {
  const all = list(body['messages']);
  const system = all.filter(({ role }) => role === 'system' || role === 'developer');
  const messages = all.filter((message) => !system.includes(message));
  return {
    system: system.map(({ content }) => words(content)).join('\n'),
    messages: messages.map((message) => {
      const { role, content } = message;
      if (role === 'tool') {
        const failed = words(content).startsWith('The call failed.');
        return said('user', {
          results: [{ call: text(message['tool_call_id']), text: words(content), failed }],
        });
      }
      return said(role === 'assistant' ? 'assistant' : 'user', {
        text: words(content),
        images: pictures(content),
        calls: list(message['tool_calls']).map((call) => {
          const called = call['function'] as Loose;
          return {
            id: text(call['id']),
            tool: text(called['name']),
            input: parsed(text(called['arguments'])),
          };
        }),
      });
    }),
  };
}

function readResponses(body: Loose): Pick<StandInRequest, 'system' | 'messages'> {
  const { input } = body;
  const items = typeof input === 'string' ? [{ role: 'user', content: input } as Loose] : list(input);
  return {
    system: text(body['instructions']),
    messages: items.map((item) => {
      const { type, role, content } = item;
      if (type === 'function_call') {
        const call = {
          id: text(item['call_id']),
          tool: [text(item['namespace']), text(item['name'])].filter(Boolean).join('.'),
          input: parsed(text(item['arguments'])),
        };
        return said('assistant', { calls: [call] });
      }
      if (type === 'function_call_output')
        return said('user', {
          results: [{ call: text(item['call_id']), text: words(item['output']), failed: false }],
        });
      return said(role === 'assistant' ? 'assistant' : 'user', {
        text: words(content),
        images: pictures(content),
      });
    }),
  };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return json;
  }
}
