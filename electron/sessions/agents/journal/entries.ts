import { z } from 'zod';
import {
  assistantMessageSchema,
  type AssistantMessage,
  contentPartSchema,
} from '../../../../shared/conversation.ts';
import { toolCardSchema } from '../../../../shared/agent-session.ts';
import type { RecordedEvent } from '../../../../shared/events/event.ts';
import type { JournalEntry, MessageWay, Surface, Written } from '../../../agents/journal.ts';
import type { DataOf } from '../../../audit/projection.ts';

/** A blob of the event at this place as a text; null where it is no longer there. */
export type ReadBlob = (event: RecordedEvent, name: string) => Promise<string | null>;

const messageBlob = z.object({ parts: z.array(contentPartSchema) });
const resultBlob = z.object({ content: z.array(contentPartSchema), shown: toolCardSchema.shape.shown });
const inputBlob = z.record(z.string(), z.json());

/** The kinds from which a conversation is rebuilt. */
export const journalKinds = [
  'message.received',
  'turn.started',
  'turn.finished',
  'model.called',
  'tool.invoked',
  'tool.finished',
  'tool.doubted',
  'tool.settled',
  'session.resumed',
  'sandbox.ended',
  'context.summarized',
] as const;

/** An event as the entry that it keeps; null where it keeps none. What was erased is told as such. */
export async function entryOf(event: RecordedEvent, read: ReadBlob): Promise<Written | null> {
  const entry = event.payload === 'erased' ? null : await entryFrom(event, read);
  return entry && { ...entry, seq: event.seq, time: new Date(event.time) };
}

async function entryFrom(event: RecordedEvent, read: ReadBlob): Promise<JournalEntry | null> {
  switch (event.kind) {
    case 'message.received': {
      const { method, from = 'somebody' } = event.data as DataOf<'message.received'>;
      const blob = await parsed(event, 'message.json', messageBlob, read);
      return { kind: 'message', way: method as MessageWay, from, parts: blob?.parts ?? null };
    }
    case 'turn.started': {
      const { taken = [], preview } = event.data as DataOf<'turn.started'>;
      return { kind: 'turn_started', taken, preview };
    }
    case 'turn.finished': {
      const { stopReason, iterations } = event.data as DataOf<'turn.finished'>;
      return { kind: 'turn_finished', stopReason, iterations };
    }
    case 'model.called':
      return calledEntry(event, read);
    case 'tool.invoked':
    case 'tool.finished':
      return toolEntry(event, read);
    case 'tool.doubted': {
      const { call, tool } = event.data as DataOf<'tool.doubted'>;
      return { kind: 'doubted', call, tool };
    }
    case 'tool.settled': {
      const { call, tool, decision } = event.data as DataOf<'tool.settled'>;
      return { kind: 'settled', call, tool, decision };
    }
    case 'session.resumed': {
      const { lost, unknown } = event.data as DataOf<'session.resumed'>;
      return { kind: 'resumed', lost, unknown };
    }
    case 'sandbox.ended': {
      const { reason } = event.data as DataOf<'sandbox.ended'>;
      return { kind: 'sandbox_ended', reason };
    }
    case 'context.summarized': {
      const { range, messages, tokensSaved } = event.data as DataOf<'context.summarized'>;
      return { kind: 'summarized', range, messages, tokensSaved, text: await read(event, 'summary.txt') };
    }
    default:
      return null;
  }
}

async function calledEntry(event: RecordedEvent, read: ReadBlob): Promise<JournalEntry> {
  const data = event.data as DataOf<'model.called'>;
  const numbers = {
    model: data.model,
    stop: data.stop ?? 'end',
    usage: {
      input: data.inputTokens,
      output: data.outputTokens,
      cacheRead: data.cacheReadTokens ?? 0,
      cacheWrite: data.cacheWriteTokens ?? 0,
    },
    cost: data.cost ?? null,
    attempts: data.attempts ?? 1,
    milliseconds: data.milliseconds ?? 0,
    request: null,
  };
  if (data.aside) return { kind: 'aside', ...numbers };
  const message: AssistantMessage | null = await parsed(event, 'answer.json', assistantMessageSchema, read);
  return { kind: 'answer', message, ...numbers };
}

async function toolEntry(event: RecordedEvent, read: ReadBlob): Promise<JournalEntry | null> {
  if (event.kind === 'tool.invoked') {
    const data = event.data as DataOf<'tool.invoked'>;
    const { call, tool, preview, repeatable = false, decidedBy = '', approval = null } = data;
    if (call === undefined) return null;
    const input = await parsed(event, 'input.json', inputBlob, read);
    const surface: Surface = data.surface;
    return { kind: 'invoked', call, tool, input, preview, surface, repeatable, decidedBy, approval };
  }
  const data = event.data as DataOf<'tool.finished'>;
  const { call, tool, ok, milliseconds = 0, denied = false, decidedBy = null, approval = null } = data;
  if (call === undefined) return null;
  const blob = await parsed(event, 'result.json', resultBlob, read);
  const { content = null, shown = null } = blob ?? {};
  const surface: Surface = data.surface;
  return {
    kind: 'finished',
    call,
    tool,
    ok,
    content,
    shown,
    surface,
    milliseconds,
    denied,
    decidedBy,
    approval,
  };
}

async function parsed<Schema extends z.ZodType>(
  event: RecordedEvent,
  name: string,
  schema: Schema,
  read: ReadBlob,
): Promise<z.output<Schema> | null> {
  const text = await read(event, name);
  if (text === null) return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    // What another version wrote and this one does not understand is as good as gone.
    return null;
  }
}
