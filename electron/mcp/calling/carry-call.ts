import type { z } from 'zod';
import type { Draft } from '../../../shared/events/catalogue.ts';
import type { RecordedEvent } from '../../../shared/events/event.ts';
import { plainIssue } from '../../../shared/plain-issue.ts';
import { Problem } from '../../../shared/problem.ts';
import type { CallRecord } from './call-record.ts';
import type { Pace } from './pace.ts';
import type { Asking, Attached, Tool, ToolCall } from './tool.ts';

/** What becomes of a call, before it is put into the words of a protocol. */
export type Carried =
  | { readonly kind: 'done'; readonly output: Record<string, unknown>; readonly attached: Attached | null }
  | { readonly kind: 'asks'; readonly asking: Asking }
  | { readonly kind: 'failed'; readonly text: string };

export interface Carrying {
  readonly tool: Tool;
  readonly input: unknown;
  /** As the client calls itself. */
  readonly program: string | null;
  readonly pace: Pace;
  readonly calls: CallRecord;
}

/** So much of what was sent is on the record; what is short stands in the event itself. */
const mostKept = 16_384;
const mostWords = 500;

/**
 * Carries one call out. What acts is on the record before it does, and again when it is answered; of what only reads the
 * answer is the whole effect, and waits until both are on the record as one.
 */
export async function carryCall(wanted: Carrying, call: ToolCall): Promise<Carried> {
  const { house, caller } = call;
  const now = house.clock.now();
  if (!wanted.pace.take(now.getTime(), caller.rights.callsPerMinute)) {
    const words = `You may call ${caller.rights.callsPerMinute} times in a minute. Wait for the next one.`;
    return { kind: 'failed', text: words };
  }
  const end = house.activity.begin();
  try {
    if (wanted.tool.reads) {
      const carried = await outcomeOf(wanted, call);
      await wanted.calls.called(calledDraft(wanted, call, answerOf(carried, call, now)));
      return carried;
    }
    const called = await wanted.calls.called(calledDraft(wanted, call));
    const carried = await outcomeOf(wanted, call);
    answered(called, wanted, answerOf(carried, call, now), call);
    return carried;
  } finally {
    end();
  }
}

async function outcomeOf({ tool, input }: Carrying, call: ToolCall): Promise<Carried> {
  try {
    const read = tool.input.safeParse(input ?? {});
    if (!read.success) return { kind: 'failed', text: inputWords(read.error.issues) };
    const done = await tool.does(read.data as never, call);
    if ('asking' in done) return { kind: 'asks', asking: done };
    return {
      kind: 'done',
      output: done.output as Record<string, unknown>,
      attached: done.attached ?? null,
    };
  } catch (thrown) {
    return { kind: 'failed', text: failureWords(thrown, call) };
  }
}

function failureWords(thrown: unknown, { house, signal }: ToolCall): string {
  if (signal().aborted) return 'The call was cancelled.';
  if (thrown instanceof Problem && thrown.code !== 'internal')
    return thrown.mend ? `${thrown.message}\n${thrown.mend}` : thrown.message;
  house.log.error({ err: thrown }, 'a call by MCP failed unforeseen');
  return 'It failed for a reason that nobody foresaw. The log of Holdfast says more.';
}

const inputWords = (issues: readonly z.core.$ZodIssue[]) =>
  issues
    .slice(0, 10)
    .map((issue) => `${issue.path.join('.') || 'the input'}: ${plainIssue(issue)}.`)
    .join('\n');

interface Answer {
  readonly ok: boolean;
  readonly problem: string | null;
  readonly milliseconds: number;
}

function answerOf(carried: Carried, { house }: ToolCall, begun: Date): Answer {
  const problem = carried.kind === 'failed' ? carried.text.slice(0, 1000) : null;
  const milliseconds = Math.max(0, Math.round(house.clock.now().getTime() - begun.getTime()));
  return { ok: problem === null, problem, milliseconds };
}

function calledDraft({ tool, input, program }: Carrying, { caller }: ToolCall, answer?: Answer): Draft {
  const text = JSON.stringify(input ?? {});
  const isShort = text.length <= mostWords;
  return {
    kind: 'mcp.called',
    actor: caller.actor,
    ...(caller.session === null ? {} : { scope: { session: caller.session } }),
    data: {
      tool: tool.name,
      program: program === null ? null : program.slice(0, 200),
      input: isShort ? text : null,
      inputBytes: Buffer.byteLength(text),
      ...(answer && { answer }),
    },
    ...(isShort
      ? {}
      : {
          blobs: [
            {
              name: 'input.json',
              type: 'application/json',
              content: Buffer.from(text).subarray(0, mostKept),
            },
          ],
        }),
  };
}

/** Nobody waits for it: what was done is on the record by what did it. */
function answered(
  called: RecordedEvent,
  { tool, calls }: Carrying,
  answer: Answer,
  { caller }: ToolCall,
): void {
  calls.answered({
    kind: 'mcp.answered',
    actor: caller.actor,
    ...(caller.session === null ? {} : { scope: { session: caller.session } }),
    parent: called.id,
    data: { tool: tool.name, ...answer },
  });
}
