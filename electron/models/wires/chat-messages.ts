import type OpenAI from 'openai';
import type { ContentPart, Message } from '../../../shared/conversation.ts';
import type { ToolNames } from './tool-names.ts';
import type { Endpoint } from './wire.ts';

type Param = OpenAI.ChatCompletionMessageParam;
type Shown = OpenAI.ChatCompletionContentPart;

/** A conversation as chat completions take it. */
export function toChat(
  system: string,
  messages: readonly Message[],
  names: ToolNames,
  endpoint: Pick<Endpoint, 'provider' | 'thinkingBack'>,
): Param[] {
  const params = messages.flatMap((message) =>
    message.role === 'user' ? userParams(message) : assistantParams(message, names, endpoint),
  );
  return system === '' ? params : [{ role: 'system', content: system }, ...params];
}

/** Results become messages of their own, before all else; pictures in them follow as the person's. */
function userParams(message: Extract<Message, { role: 'user' }>): Param[] {
  const results: Param[] = [];
  const rest: Shown[] = [];
  for (const part of message.parts) {
    if (part.kind !== 'result') {
      rest.push(...shown(part));
      continue;
    }
    const text = part.content.flatMap((inner) => (inner.kind === 'text' ? [inner.text] : [])).join('\n');
    const pictures = part.content.filter(({ kind }) => kind === 'image');
    const remark = pictures.length > 0 ? `(${pictures.length} images of this result follow.)` : '';
    const content = [part.ok ? '' : 'The call failed.', text, remark]
      .filter((line) => line !== '')
      .join('\n');
    results.push({ role: 'tool', tool_call_id: part.call, content: content || '(no output)' });
    rest.push(...pictures.flatMap(shown));
  }
  return rest.length === 0 ? results : [...results, { role: 'user', content: plain(rest) }];
}

function shown(part: ContentPart): Shown[] {
  if (part.kind === 'text') return part.text === '' ? [] : [{ type: 'text', text: part.text }];
  return [{ type: 'image_url', image_url: { url: `data:${part.type};base64,${part.data}` } }];
}

/** Some servers take only text that is a text, and only parts where there is a picture. */
function plain(parts: Shown[]): string | Shown[] {
  const texts = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  return texts.length === parts.length ? texts.join('\n') : parts;
}

function assistantParams(
  message: Extract<Message, { role: 'assistant' }>,
  names: ToolNames,
  { provider, thinkingBack }: Pick<Endpoint, 'provider' | 'thinkingBack'>,
): Param[] {
  const text = message.parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('');
  const calls = message.parts.flatMap((part): OpenAI.ChatCompletionMessageToolCall[] =>
    part.kind === 'call'
      ? [
          {
            id: part.call,
            type: 'function',
            function: { name: names.told(part.tool), arguments: JSON.stringify(part.input) },
          },
        ]
      : [],
  );
  if (text === '' && calls.length === 0) return [];
  const thought = message.parts
    .flatMap((part) => (part.kind === 'thinking' && part.seal === `${provider}:` ? [part.text] : []))
    .join('');
  return [
    {
      role: 'assistant',
      content: text === '' ? null : text,
      ...(calls.length > 0 ? { tool_calls: calls } : {}),
      ...(thinkingBack !== null && thought !== '' ? { [thinkingBack]: thought } : {}),
    },
  ];
}
