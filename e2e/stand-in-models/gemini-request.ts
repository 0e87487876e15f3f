import type { StandInMessage, StandInRequest } from './read-request.ts';

interface Part {
  readonly text?: string;
  readonly thought?: boolean;
  readonly inlineData?: unknown;
  readonly functionCall?: { readonly id?: string; readonly name?: string; readonly args?: unknown };
  readonly functionResponse?: { readonly id?: string; readonly name?: string; readonly response?: unknown };
}

interface Content {
  readonly role?: string;
  readonly parts?: readonly Part[];
}

interface Body {
  readonly contents?: readonly Content[];
  readonly systemInstruction?: Content;
  readonly tools?: readonly { readonly functionDeclarations?: readonly { readonly name: string }[] }[];
}

/** What a path asks of which model; null: the path is none of Gemini’s. */
interface GeminiPath {
  readonly model: string;
  readonly stream: boolean;
}

export function geminiPath(path: string): GeminiPath | null {
  const [, model, method] = /^\/v1beta\/models\/([^/:]+):(g|streamG)enerateContent$/.exec(path) ?? [];
  return model === undefined ? null : { model, stream: method === 'streamG' };
}

const words = ({ parts = [] }: Content = {}) =>
  parts
    .filter(({ text, thought }) => text !== undefined && thought !== true)
    .map(({ text }) => text)
    .join('\n');

export function readGemini(
  { model, stream }: GeminiPath,
  number: number,
  headers: Readonly<Record<string, string>>,
  body: Readonly<Record<string, unknown>>,
): StandInRequest {
  const { contents = [], systemInstruction, tools = [] } = body as Body;
  return {
    wire: 'gemini',
    number,
    headers,
    body,
    model,
    stream,
    system: words(systemInstruction),
    tools: tools.flatMap(({ functionDeclarations = [] }) => functionDeclarations.map(({ name }) => name)),
    messages: contents.map(readContent),
  };
}

function readContent(content: Content): StandInMessage {
  const { role, parts = [] } = content;
  return {
    role: role === 'model' ? 'assistant' : 'user',
    text: words(content),
    images: parts.filter(({ inlineData }) => inlineData !== undefined).length,
    calls: parts.flatMap(({ functionCall: call }) =>
      call ? [{ id: call.id ?? '', tool: call.name ?? '', input: call.args }] : [],
    ),
    // A call that failed is answered with `error` in the place of `output`.
    results: parts.flatMap(({ functionResponse: answer }) =>
      answer
        ? [
            {
              call: answer.id ?? '',
              text: JSON.stringify(answer.response ?? null),
              failed: Object.hasOwn(answer.response ?? {}, 'error'),
            },
          ]
        : [],
    ),
  };
}
