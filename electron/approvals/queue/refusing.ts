import type { Approval } from '../../../shared/approval.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Waiter } from './waiters.ts';

const deeds = {
  once: 'allowed',
  session: 'allowed for the session',
  always: 'allowed from now on',
  reply: 'answered',
  deny: 'denied',
  rule: 'decided by a rule',
  unattended: 'denied, because nobody was to be waited for',
  expiry: 'over before anybody answered',
  withdrawn: 'withdrawn',
} as const;

/** Somebody was first: says who, and with what. */
export function refuseSettled({ id, settled }: Approval): Problem {
  if (!settled) return new Problem('conflict', 'It is settled already.');
  const { by, how, time } = settled;
  const who = by.kind === 'operator' ? ` by the person here${by.id === undefined ? '' : ` (${by.id})`}` : '';
  return new Problem(
    'conflict',
    `It was ${deeds[how]}${who} at ${time}.`,
    `See it with \`holdfast approvals ${id}\`.`,
  );
}

export function checkReply({ kind }: Approval, text: string, question: Waiter['question']): void {
  if (kind !== 'question') {
    throw new Problem('invalid_input', 'This is a call: it is allowed or denied.', 'Allow or deny it.');
  }
  if (question && !question.free && !question.choices.includes(text)) {
    throw new Problem(
      'invalid_input',
      `“${text}” is none of the choices.`,
      `Choose ${question.choices.join(', or ')}.`,
    );
  }
}
