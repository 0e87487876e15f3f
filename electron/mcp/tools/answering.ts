import { z } from 'zod';
import type { Answer } from '../../../shared/approval.ts';
import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import type { ToolCall } from '../calling/tool.ts';

const stateSchema = z.object({ run: z.string().max(40) });
const acceptedSchema = z.object({
  action: z.literal('accept'),
  content: z.union([
    z.object({ reply: z.string().min(1).max(20_000) }),
    z.object({ answer: z.enum(['allow once', 'deny']) }),
  ]),
});

/**
 * Takes what a person said to what a call asked; the run that it waits for goes on. What the client sends is believed
 * in nothing: the run has to be its own, and each approval one of that run.
 */
export async function takeAnswers(call: ToolCall): Promise<{ run: Id<'run'>; declined: boolean } | null> {
  if (call.answered === null) return null;
  const state = stateSchema.safeParse(parsed(call.answered.state));
  if (!state.success) throw new Problem('invalid_input', 'What came back with the answer is not ours.');
  const run = call.runs.own(state.data.run);
  let declined = false;
  for (const [approval, given] of Object.entries(call.answered.answers)) {
    const accepted = acceptedSchema.safeParse(given);
    if (accepted.success) await answerApproval(approval, answerOf(accepted.data.content), call);
    else declined = true;
  }
  return { run, declined };
}

/** Throws where the caller may not, or where it is no approval of a run of its own. */
export async function answerApproval(approval: string, answer: Answer, call: ToolCall) {
  if (!call.caller.rights.tools.includes('answer_approval') || call.caller.session !== null)
    throw new Problem('forbidden', 'Your token may not answer for the person.');
  const [approvals, sessions] = await Promise.all([
    call.house.rooms.approvals(),
    call.house.rooms.agentSessions(),
  ]);
  const known = approvals.list({ every: true, most: 1000 }).find(({ id }) => id === approval);
  const run = known && sessions.has(known.session) ? sessions.get(known.session).run : null;
  if (run === null || !call.runs.has(run))
    throw new Problem('not_found', 'No run of yours asks that.', 'Call list_approvals.');
  return approvals.answerFor(approval, answer, call.caller.actor);
}

function answerOf(content: z.output<typeof acceptedSchema>['content']): Answer {
  if ('reply' in content) return { kind: 'reply', text: content.reply };
  return content.answer === 'deny' ? { kind: 'deny', reason: '' } : { kind: 'once' };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
