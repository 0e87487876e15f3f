import { type CallToolResult, inputRequired, type InputRequiredResult } from '@modelcontextprotocol/server';
import type { Carried } from '../calling/carry-call.ts';
import type { McpCaller } from './caller.ts';
import type { SaidOfClient } from './said-of-client.ts';

/** What became of a call, in the words of the protocol. */
export function answerOf(carried: Carried): CallToolResult | InputRequiredResult {
  if (carried.kind === 'failed') return { content: [{ type: 'text', text: carried.text }], isError: true };
  if (carried.kind === 'asks') {
    const { asking, state } = carried.asking;
    const inputRequests = Object.fromEntries(
      Object.entries(asking).map(([id, form]) => [id, inputRequired.elicit(form as never)]),
    );
    return inputRequired({ inputRequests, requestState: state });
  }
  const { output, attached } = carried;
  const content: CallToolResult['content'] = [{ type: 'text', text: JSON.stringify(output) }];
  if (attached) {
    const blob = Buffer.from(attached.content).toString('base64');
    content.push({ type: 'resource', resource: { uri: attached.uri, mimeType: attached.type, blob } });
  }
  return { content, structuredContent: output };
}

/** Whether the person at the client may be asked by way of it, and can. */
export const mayAsk = ({ rights, session }: McpCaller, { fillsForms }: SaidOfClient): boolean =>
  fillsForms && session === null && rights.tools.includes('answer_approval');
