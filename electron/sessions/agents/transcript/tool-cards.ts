import type { ToolCard } from '../../../../shared/agent-session.ts';
import type { Id } from '../../../../shared/ids.ts';
import type { CallPart } from '../../../../shared/conversation.ts';
import type { JournalEntry } from '../../../agents/journal.ts';
import type { Tool } from '../../../tools/tool.ts';

/** What is known of one call. */
export interface CallKnown {
  readonly part: CallPart | null;
  readonly invoked: Extract<JournalEntry, { kind: 'invoked' }> | null;
  readonly finished: Extract<JournalEntry, { kind: 'finished' }> | null;
  readonly doubted: boolean;
  /** The question that it waits for. */
  readonly waiting: Id<'approval'> | null;
}

const mostResult = 8 * 1024;
const mostInput = 32 * 1024;

export function toolCard(call: ToolCard['call'], known: CallKnown, tools: readonly Tool[]): ToolCard {
  const { part, invoked, finished } = known;
  const name = part?.tool ?? invoked?.tool ?? finished?.tool ?? 'a tool';
  const tool = tools.find((one) => one.name === name);
  const input = invoked?.input ?? part?.input ?? null;
  const text = finished?.content ? textOf(finished.content) : null;
  return {
    call,
    tool: name,
    title: tool?.title ?? name,
    preview: invoked?.preview ?? previewOf(tool, input),
    input: input !== null && JSON.stringify(input).length <= mostInput ? (input as ToolCard['input']) : null,
    surface: finished?.surface ?? invoked?.surface ?? 'none',
    state: stateOf(known),
    milliseconds: finished?.milliseconds ?? null,
    result: text === null ? null : text.slice(0, mostResult).toWellFormed(),
    resultBytes: text === null ? 0 : Buffer.byteLength(text),
    shown: finished?.shown ?? null,
    approval: finished?.approval ?? known.waiting ?? invoked?.approval ?? null,
    decidedBy: finished?.decidedBy ?? invoked?.decidedBy ?? null,
  };
}

function stateOf({ invoked, finished, doubted, waiting }: CallKnown): ToolCard['state'] {
  if (finished) return finished.denied ? 'denied' : finished.ok ? 'done' : 'failed';
  if (doubted) return 'unknown';
  if (waiting !== null) return 'waiting';
  return invoked ? 'running' : 'queued';
}

function previewOf(tool: Tool | undefined, input: Readonly<Record<string, unknown>> | null): string {
  const checked = tool?.input.safeParse(input);
  const said = tool && checked?.success ? tool.preview(checked.data) : JSON.stringify(input ?? {});
  return said.slice(0, 300).toWellFormed();
}

export function textOf(parts: readonly { readonly kind: string; readonly text?: string }[]): string {
  return parts.map((part) => (part.kind === 'text' ? (part.text ?? '') : '(a picture)')).join('\n');
}
