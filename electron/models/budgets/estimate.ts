import type { Message } from '../../../shared/conversation.ts';
import type { ModelTool } from '../models.ts';

/** Bytes of a token, rather too few: an estimate may be too high, a budget never exceeded. */
const bytesPerToken = 2.5;
const tokensPerImage = 2_500;
const tokensPerMessage = 16;

const known = new WeakMap<object, number>();

function once(value: object, count: () => number): number {
  const before = known.get(value);
  if (before !== undefined) return before;
  const counted = count();
  known.set(value, counted);
  return counted;
}

const tokensOf = (text: string) => Math.ceil(Buffer.byteLength(text) / bytesPerToken);

function messageTokens(message: Message): number {
  let sum = tokensPerMessage;
  for (const part of message.parts) {
    if (part.kind === 'text') sum += tokensOf(part.text);
    else if (part.kind === 'image') sum += tokensPerImage;
    else if (part.kind === 'thinking') sum += tokensOf(part.text) + tokensOf(part.seal ?? '');
    else if (part.kind === 'call') sum += tokensOf(part.tool) + tokensOf(JSON.stringify(part.input));
    else
      for (const inner of part.content) sum += inner.kind === 'text' ? tokensOf(inner.text) : tokensPerImage;
  }
  return sum;
}

const toolTokens = (tool: ModelTool) =>
  tokensPerMessage + tokensOf(tool.name) + tokensOf(tool.description) + tokensOf(JSON.stringify(tool.schema));

/** How many tokens a question holds at most. Messages and tools never change, and are counted once. */
export function estimatedInput(question: {
  system: string;
  messages: readonly Message[];
  tools: readonly ModelTool[];
}): number {
  let sum = tokensPerMessage + tokensOf(question.system);
  for (const message of question.messages) sum += once(message, () => messageTokens(message));
  for (const tool of question.tools) sum += once(tool, () => toolTokens(tool));
  return sum;
}
