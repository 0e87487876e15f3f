import type { Answer, Approval } from '../../../shared/approval.ts';
import { Problem } from '../../../shared/problem.ts';
import type { LiveRule } from '../weighing/live-rule.ts';
import { hashOf } from '../weighing/call-parts.ts';
import type { AnsweringNeeds } from './answering.ts';

/** The rules that an answer makes: none, some for the session (without words for them: this very call), or some for good. */
export async function rulesOfAnswer(
  answer: Extract<Answer, { kind: 'once' | 'session' | 'always' }>,
  { id, agent, session, tool }: Approval,
  edited: Readonly<Record<string, unknown>> | undefined,
  { rules, look, waiters }: Pick<AnsweringNeeds, 'rules' | 'look' | 'waiters'>,
): Promise<LiveRule[]> {
  if (answer.kind === 'once') return [];
  if (answer.kind === 'always') {
    if (answer.rules.some(({ effect }) => effect !== 'allow')) {
      throw new Problem(
        'invalid_input',
        'Allowing makes rules that allow.',
        'Deny it, and add the rule by itself.',
      );
    }
    return answer.rules.map((draft) => rules.check(draft));
  }
  const input = edited ?? waiters.of(id)?.call?.input ?? (await look.question(look.named(id)))?.input;
  const whats = answer.rules ?? (input === undefined ? [] : [`exactly ${tool} ${hashOf({ tool, input })}`]);
  const scope = { kind: 'session', session } as const;
  return whats.map((what) => rules.check({ effect: 'allow', what, agent, scope, expires: null }));
}
