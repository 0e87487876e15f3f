import type { MailTrial } from '../../../shared/contract/outside.ts';
import { Problem } from '../../../shared/problem.ts';
import { MailProblem } from './mail-problem.ts';
import { mailHands, type MailNeeds } from './mail-hands.ts';

/** Sends a test message exactly as an agent’s mail would go out, and says which setting is wrong where it does not. */
export async function mailTrial(needs: MailNeeds, to: string, signal: AbortSignal): Promise<MailTrial> {
  const mail = {
    to: [to],
    cc: [],
    bcc: [],
    subject: 'A test message of Holdfast',
    text: 'Whoever reads this: mails of your agents go out by this account. Each of them asks you first.',
    html: null,
  };
  try {
    const { accepted } = await mailHands(needs).send(mail, signal);
    return { ok: true, accepted: [...accepted], problem: null };
  } catch (thrown) {
    const { message, mend = null } = Problem.of(thrown);
    const field = thrown instanceof MailProblem ? thrown.field : null;
    return { ok: false, accepted: [], problem: { message, mend, field } };
  }
}
