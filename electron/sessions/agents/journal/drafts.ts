import type { CallPart } from '../../../../shared/conversation.ts';
import type { BlobDraft, Draft } from '../../../../shared/events/catalogue.ts';
import type { Actor } from '../../../../shared/events/event.ts';
import type { Id } from '../../../../shared/ids.ts';
import { callHash } from '../../../agents/call-hash.ts';
import type { AnswerNumbers, JournalEntry } from '../../../agents/journal.ts';

export interface Whose {
  readonly session: Id<'session'>;
  readonly agent: string;
}

const system: Actor = { kind: 'system' };
const longestPreview = 2000;

/** An entry as the event that keeps it. */
export function draftOf(entry: JournalEntry, { session, agent }: Whose, by: Actor | null = null): Draft {
  const scope = { session, agent };
  const own: Actor = { kind: 'agent', id: agent };
  switch (entry.kind) {
    case 'message': {
      const { way, from, parts } = entry;
      const data = {
        trace: session,
        method: way,
        from,
        preview: textOf(parts ?? [])
          .slice(0, longestPreview)
          .toWellFormed(),
      };
      return {
        kind: 'message.received',
        actor: by ?? system,
        scope,
        data,
        blobs: [jsonBlob('message.json', { parts })],
      };
    }
    case 'turn_started':
      return {
        kind: 'turn.started',
        actor: own,
        scope,
        data: { preview: entry.preview, taken: [...entry.taken] },
      };
    case 'turn_finished': {
      const { stopReason, iterations, code } = entry;
      const data = { stopReason, iterations, ...(code && { code }) };
      return { kind: 'turn.finished', actor: own, scope, data };
    }
    case 'answer': {
      const calls = entry.message?.parts.filter((part): part is CallPart => part.kind === 'call') ?? [];
      const data = { ...calledData(entry), calls: calls.map(({ call }) => call) };
      const blobs = [jsonBlob('answer.json', entry.message)];
      return { kind: 'model.called', actor: own, scope, ...parentOf(entry), data, blobs };
    }
    case 'aside':
      return {
        kind: 'model.called',
        actor: own,
        scope,
        ...parentOf(entry),
        data: { ...calledData(entry), aside: true },
      };
    case 'invoked':
    case 'finished':
      return toolDraft(entry, own, scope);
    case 'doubted':
      return { kind: 'tool.doubted', actor: system, scope, data: { tool: entry.tool, call: entry.call } };
    case 'settled': {
      const { tool, call, decision } = entry;
      return { kind: 'tool.settled', actor: by ?? system, scope, data: { tool, call, decision } };
    }
    case 'repeated': {
      const { tool, inputHash, attempts, stopped } = entry;
      return stopped
        ? { kind: 'tool.repeat_stopped', actor: own, scope, data: { tool, attempts } }
        : { kind: 'tool.repeated', actor: own, scope, data: { tool, inputHash, attempts } };
    }
    case 'resumed': {
      const data = { lost: entry.lost.slice(0, 1000), unknown: entry.unknown.slice(0, 1000) };
      return { kind: 'session.resumed', actor: system, scope, data };
    }
    case 'sandbox_ended':
      return { kind: 'sandbox.ended', actor: system, scope, data: { reason: entry.reason.slice(0, 2000) } };
    case 'summarized': {
      const { range, messages, tokensSaved, text } = entry;
      const blobs = [{ name: 'summary.txt', type: 'text/plain', content: Buffer.from(text ?? '') }];
      return {
        kind: 'context.summarized',
        actor: own,
        scope,
        data: { messages, range: [...range], tokensSaved },
        blobs,
      };
    }
    case 'summary_failed': {
      const data = { reason: entry.reason, fallback: 'the whole history stays', failure: entry.failure };
      return { kind: 'context.summary_failed', actor: own, scope, data };
    }
  }
}

type ToolEntry = Extract<JournalEntry, { kind: 'invoked' | 'finished' }>;

function toolDraft(entry: ToolEntry, actor: Actor, scope: Whose): Draft {
  const { call, tool, surface } = entry;
  const approval = entry.approval === null ? {} : { approval: entry.approval };
  if (entry.kind === 'invoked') {
    const { input, preview, repeatable } = entry;
    const decidedBy = entry.decidedBy.slice(0, longestPreview);
    const inputHash = callHash(tool, input);
    const data = { tool, inputHash, preview, surface, call, repeatable, decidedBy, ...approval };
    return { kind: 'tool.invoked', actor, scope, data, blobs: [jsonBlob('input.json', input)] };
  }
  const { ok, content, shown, milliseconds, denied } = entry;
  const preview = textOf(content ?? [])
    .slice(0, longestPreview)
    .toWellFormed();
  const decided = entry.decidedBy === null ? {} : { decidedBy: entry.decidedBy.slice(0, longestPreview) };
  const data = {
    tool,
    ok,
    preview,
    surface,
    call,
    milliseconds,
    ...(denied ? { denied } : {}),
    ...decided,
    ...approval,
  };
  return { kind: 'tool.finished', actor, scope, data, blobs: [jsonBlob('result.json', { content, shown })] };
}

function calledData({ model, usage, cost, stop, attempts, milliseconds }: AnswerNumbers) {
  return {
    model,
    inputTokens: usage.input,
    outputTokens: usage.output,
    cacheReadTokens: usage.cacheRead,
    cacheWriteTokens: usage.cacheWrite,
    cost,
    stop,
    attempts,
    milliseconds,
  };
}

function parentOf({ request }: AnswerNumbers): { parent?: Id<'event'> } {
  return request === null ? {} : { parent: request };
}

function jsonBlob(name: string, value: unknown): BlobDraft {
  return { name, type: 'application/json', content: Buffer.from(JSON.stringify(value)) };
}

function textOf(parts: readonly { readonly kind: string; readonly text?: string }[]): string {
  return parts.map((part) => (part.kind === 'text' ? (part.text ?? '') : '(a picture)')).join('\n');
}
