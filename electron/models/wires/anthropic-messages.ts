import type Anthropic from '@anthropic-ai/sdk';
import type { Message } from '../../../shared/conversation.ts';
import type { ToolNames } from './tool-names.ts';
import type { Endpoint } from './wire.ts';

type Param = Anthropic.MessageParam;
type Block = Anthropic.ContentBlockParam;

/** What was thought without words: the provider wants its seal back all the same. */
const wordless = '!';

export const sealOf = (provider: string, signature: string) => `${provider}:${signature}`;
export const sealOfRedacted = (provider: string, data: string) => `${provider}${wordless}${data}`;

/** A conversation as Anthropic's Messages take it. */
export function toAnthropic(
  messages: readonly Message[],
  names: ToolNames,
  { provider }: Pick<Endpoint, 'provider'>,
): Param[] {
  const params = messages.flatMap((message): Param[] => {
    const content = message.role === 'user' ? userBlocks(message) : assistantBlocks(message, names, provider);
    return content.length === 0 ? [] : [{ role: message.role, content }];
  });
  keepInCache(params);
  return params;
}

function userBlocks(message: Extract<Message, { role: 'user' }>): Block[] {
  const blocks = message.parts.flatMap((part): Block[] => {
    if (part.kind === 'result')
      return [
        {
          type: 'tool_result',
          tool_use_id: part.call,
          is_error: !part.ok,
          content: part.content.flatMap(shown),
        },
      ];
    return shown(part);
  });
  // Results come before anything else of the same message, or they are refused.
  const rank = (block: Block) => (block.type === 'tool_result' ? 0 : 1);
  return blocks.toSorted((a, b) => rank(a) - rank(b));
}

function shown(
  part:
    | { kind: 'text'; text: string }
    | { kind: 'image'; type: Anthropic.Base64ImageSource['media_type']; data: string },
): (Anthropic.TextBlockParam | Anthropic.ImageBlockParam)[] {
  if (part.kind === 'image')
    return [{ type: 'image', source: { type: 'base64', media_type: part.type, data: part.data } }];
  // Empty text is refused.
  return part.text.trim() === '' ? [] : [{ type: 'text', text: part.text }];
}

function assistantBlocks(
  message: Extract<Message, { role: 'assistant' }>,
  names: ToolNames,
  provider: string,
): Block[] {
  return message.parts.flatMap((part): Block[] => {
    if (part.kind === 'text') return shown(part);
    if (part.kind === 'call')
      return [{ type: 'tool_use', id: part.call, name: names.told(part.tool), input: part.input }];
    const { seal, text } = part;
    if (seal?.startsWith(`${provider}:`))
      return [{ type: 'thinking', thinking: text, signature: seal.slice(provider.length + 1) }];
    if (seal?.startsWith(`${provider}${wordless}`))
      return [{ type: 'redacted_thinking', data: seal.slice(provider.length + 1) }];
    return [];
  });
}

/** What was sent before is read from the provider's cache: up to the last block of the newest message. */
function keepInCache(params: Param[]): void {
  const last = params.at(-1)?.content;
  const block = Array.isArray(last) ? last.at(-1) : undefined;
  if (block?.type === 'text' || block?.type === 'tool_result' || block?.type === 'image')
    block.cache_control = { type: 'ephemeral' };
}
