import { z } from 'zod';
import type { RecordedEvent } from '../../../shared/events/event.ts';
import type { ApprovalParts } from '../approval-parts.ts';
import { callLine, questionSchema } from '../queue/question.ts';
import type { CallFacts } from '../weighing/call-parts.ts';

/** A call that was made, or asked about. */
export interface PastCall extends CallFacts {
  readonly time: string;
  readonly line: string;
  readonly before: 'allowed' | 'asked';
}

const inputSchema = z.record(z.string(), z.json());
const openedSchema = z.object({ folders: z.array(z.object({ path: z.string() })) });
const invokedSchema = z.object({ call: z.string(), tool: z.string() });
const askedSchema = z.object({ call: z.string(), tool: z.string(), folder: z.string().nullable() });

/** The newest calls on the record whose arguments are still there; each once. */
export async function* pastCalls(parts: ApprovalParts, most: number): AsyncGenerator<PastCall, void> {
  const { record } = parts;
  const { events } = await record.query({
    filter: { kinds: ['approval.asked', 'tool.invoked'] },
    limit: most,
  });
  const asked = new Set(events.flatMap(({ kind, data }) => (kind === 'approval.asked' ? callOf(data) : [])));
  const folders = new Map<string, Promise<string | null>>();
  for (const event of events) {
    const { session } = event.scope;
    if (session === undefined || event.payload !== 'present' || event.blobs[0]?.state !== 'present') continue;
    if (event.kind === 'approval.asked') {
      const call = await askedCall(parts, event);
      if (call) yield call;
      continue;
    }
    // It was asked about first: told by that event.
    if (callOf(event.data).some((call) => asked.has(call))) continue;
    const folder = folders.get(session) ?? folderOf(parts, session);
    folders.set(session, folder);
    const call = await invokedCall(parts, event, await folder);
    if (call) yield call;
  }
}

function callOf(data: unknown): string[] {
  const read = z.object({ call: z.string() }).safeParse(data);
  return read.success ? [read.data.call] : [];
}

async function askedCall({ record }: ApprovalParts, event: RecordedEvent): Promise<PastCall | null> {
  const data = askedSchema.safeParse(event.data);
  const question = questionSchema.safeParse(await blobOf(record, event));
  if (!data.success || !question.success || question.data.question !== null) return null;
  const { input, intents } = question.data;
  const { tool, folder } = data.data;
  const { line } = callLine({ tool: { title: tool }, input, intents });
  return { ...ofEvent(event), tool, folder, input, intents, line, before: 'asked' };
}

async function invokedCall(
  { record, tool }: ApprovalParts,
  event: RecordedEvent,
  folder: string | null,
): Promise<PastCall | null> {
  const data = invokedSchema.safeParse(event.data);
  const known = data.success ? await tool(data.data.tool) : undefined;
  const input = known?.input.safeParse(await blobOf(record, event));
  if (!known || input?.success !== true) return null;
  const intents = known.intends(input.data, folder);
  const given = inputSchema.parse(JSON.parse(JSON.stringify(input.data)));
  const { line } = callLine({ tool: known, input: given, intents });
  return { ...ofEvent(event), tool: known.name, folder, input: given, intents, line, before: 'allowed' };
}

function ofEvent({ time, scope }: RecordedEvent) {
  return { time, agent: scope.agent ?? null, session: scope.session ?? null };
}

async function folderOf({ record }: ApprovalParts, session: string): Promise<string | null> {
  const { events } = await record.query({ filter: { kinds: ['session.opened'], session }, limit: 1 });
  const opened = openedSchema.safeParse(events[0]?.data);
  return opened.success ? (opened.data.folders[0]?.path ?? null) : null;
}

async function blobOf(record: ApprovalParts['record'], { seq }: RecordedEvent): Promise<unknown> {
  const { content, next } = await record.blob(seq, 0, 0);
  // One that comes in several pieces is longer than what a rule is tried on.
  if (next !== null) return null;
  try {
    return JSON.parse(Buffer.from(content).toString('utf8')) as unknown;
  } catch {
    return null;
  }
}
