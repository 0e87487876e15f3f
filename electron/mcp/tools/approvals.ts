import { z } from 'zod';
import type { Answer } from '../../../shared/approval.ts';
import { Problem } from '../../../shared/problem.ts';
import { tool } from '../calling/tool.ts';
import { answerApproval } from './answering.ts';
import { waitingSchema, waitingWords } from './run-answer.ts';

const waitsSchema = waitingSchema.extend({
  run_id: z.string(),
  kind: z.enum(['call', 'question']),
  asked: z.string(),
});

export const listApprovals = tool({
  name: 'list_approvals',
  title: 'List what waits for a person',
  description:
    'Lists the questions of your runs that wait for a person: a call that would cross a boundary, or something that an agent asks.',
  input: z.strictObject({}),
  output: z.object({ approvals: z.array(waitsSchema) }),
  reads: true,
  async does(_, { house, runs }) {
    const [room, sessions] = await Promise.all([house.rooms.approvals(), house.rooms.agentSessions()]);
    const approvals = room.list({ every: false, most: 1000 }).flatMap((each) => {
      const run = sessions.has(each.session) ? sessions.get(each.session).run : null;
      if (run === null || !runs.has(run)) return [];
      return [{ ...waitingWords(each), run_id: run, kind: each.kind, asked: each.asked }];
    });
    return { output: { approvals: approvals.slice(0, 200) } };
  },
});

export const answerApprovalTool = tool({
  name: 'answer_approval',
  title: 'Answer for the person',
  description:
    'Answers a question of one of your runs in the place of the person: allows this one call, denies it, or replies to what an agent asks.',
  input: z.strictObject({
    approval_id: z.string().min(1).max(40),
    answer: z.enum(['allow', 'deny', 'reply']),
    text: z.string().max(20_000).optional().describe('The reply, or why it is denied'),
  }),
  output: z.object({ approval_id: z.string(), state: z.string() }),
  destroys: true,
  async does({ approval_id, answer, text }, call) {
    const { id, state } = await answerApproval(approval_id, answerOf(answer, text), call);
    return { output: { approval_id: id, state } };
  },
});

function answerOf(answer: 'allow' | 'deny' | 'reply', text: string | undefined): Answer {
  if (answer === 'allow') return { kind: 'once' };
  if (answer === 'deny') return { kind: 'deny', reason: (text ?? '').slice(0, 2000) };
  if (text) return { kind: 'reply', text };
  throw new Problem('invalid_input', 'A reply is words.', 'Give text.');
}
