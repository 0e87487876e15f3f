import type { Approval } from '../../../shared/approval.ts';
import type { Id } from '../../../shared/ids.ts';
import type { Run } from '../../../shared/run.ts';
import { type Asking, type AskedForm, connectionBroke, type ToolCall } from '../calling/tool.ts';
import { approvalsOf } from './run-answer.ts';

export interface Waiting {
  readonly run: Id<'run'>;
  readonly seconds: number;
  /** Whether a client that cancels the call wants the run to end. */
  readonly cancels: boolean;
}

/**
 * Waits until a run is over, waits for a person, or the time is up; tells meanwhile how far it is. Where its person can
 * be asked by way of the client, that is what it answers with.
 */
export async function waitFor({ run, seconds, cancels }: Waiting, call: ToolCall): Promise<Run | Asking> {
  const { house, caller } = call;
  const signal = call.signal();
  const runs = await house.rooms.runs();
  const done = new AbortController();
  const forget = house.clock.after(seconds * 1000, () => done.abort());
  let told = 0;
  try {
    for await (const news of runs.follow(run, AbortSignal.any([signal, done.signal]))) {
      if (news.kind !== 'run') continue;
      const seen = news.run;
      call.progress(seen.detail ?? seen.state, ++told, told + 1);
      if (seen.state === 'finished' || seen.state === 'asking' || seen.state === 'paused') return seen;
      if (seen.waits === 0) continue;
      const waiting = await approvalsOf(seen, call);
      if (waiting.length === 0) continue;
      return call.canAsk ? askAbout(seen.id, waiting) : seen;
    }
  } finally {
    done.abort();
    forget();
  }
  if (signal.aborted && signal.reason !== connectionBroke && cancels) return runs.stop(run, caller.actor);
  return runs.get(run);
}

const mostAsked = 5;

function askAbout(run: Id<'run'>, waiting: readonly Approval[]): Asking {
  const asked = waiting.slice(0, mostAsked).map(({ id, kind, agent, line, why, where }) => {
    const message =
      kind === 'question' ? `${agent} asks: ${line}` : `${agent} would do this ${where}: ${line}\n${why}`;
    return [id, { message, requestedSchema: kind === 'question' ? replyForm : allowForm }] as const;
  });
  return { asking: Object.fromEntries(asked), state: JSON.stringify({ run }) };
}

const replyForm: AskedForm = {
  type: 'object',
  properties: { reply: { type: 'string', title: 'Your answer', maxLength: 20_000 } },
  required: ['reply'],
};
const allowForm: AskedForm = {
  type: 'object',
  properties: { answer: { type: 'string', title: 'May it', enum: ['allow once', 'deny'] } },
  required: ['answer'],
};
