import type { ContentPart, Message, ResultPart, UserMessage } from '../../../shared/conversation.ts';
import type { AnswerItem, CallState, Item } from '../conversation.ts';

/**
 * A conversation as a model is told it: user and assistant in turn, and after each answer one result for each of its
 * calls, since providers refuse a conversation without.
 */
export function messagesOf(items: readonly Item[]): Message[] {
  const messages: Message[] = [];
  for (const item of items) {
    if (item.kind === 'said') addUser(messages, item.parts);
    else addAnswer(messages, item);
  }
  return messages;
}

function addAnswer(messages: Message[], { message, calls }: AnswerItem): void {
  const said = message.parts.filter((part) => part.kind !== 'text' || part.text !== '');
  if (said.some(({ kind }) => kind !== 'thinking')) messages.push({ role: 'assistant', parts: said });
  if (calls.length > 0) addUser(messages, calls.map(resultOf));
}

function addUser(messages: Message[], parts: readonly (ContentPart | ResultPart)[]): void {
  if (parts.length === 0) return;
  const last = messages.at(-1);
  const before: UserMessage['parts'] = last?.role === 'user' ? last.parts : [];
  if (last?.role === 'user') messages.pop();
  messages.push({ role: 'user', parts: [...before, ...parts] });
}

function resultOf({ part, finished }: CallState): ResultPart {
  const { call, tool } = part;
  if (!finished)
    return { kind: 'result', call, tool, ok: false, content: [words('It was not carried out.')] };
  const content = finished.content ?? [words('(The result is no longer on the record.)')];
  return { kind: 'result', call, tool, ok: finished.ok, content: [...content] };
}

const words = (text: string) => ({ kind: 'text' as const, text });
