import type { Approval } from '../../../shared/approval.ts';
import type { Id } from '../../../shared/ids.ts';
import type { Verdict, VerdictBy } from '../asking.ts';

/** What a settled approval says of its call; null where it says nothing any more. */
export function verdictOf(
  approval: Approval,
  input: Readonly<Record<string, unknown>>,
  ruleWords: (rule: Id<'rule'>) => string,
): Verdict | null {
  const { state, settled, id } = approval;
  if (!settled) return null;
  const by = (who: VerdictBy['who'], words: string): VerdictBy => ({
    who,
    rule: settled.rules[0] ?? null,
    approval: id,
    words,
  });
  const reason = settled.reason ?? '';
  switch (state) {
    case 'granted': {
      const [rule] = settled.rules;
      if (settled.how === 'rule') {
        const named = rule === undefined ? 'a rule' : `the rule “${ruleWords(rule)}”`;
        return { may: true, input, by: by('rule', `allowed by ${named}`) };
      }
      const changed = settled.edited ? ', with other arguments' : '';
      const span = { session: ' for this session', always: ' from now on' }[settled.how as string] ?? '';
      return { may: true, input, by: by('person', `allowed by a person${span}${changed} (${id})`) };
    }
    case 'denied':
      return denied(settled.how, reason, by, id);
    case 'expired':
      return {
        may: false,
        reason: 'Nobody allowed it in time.',
        by: by('expiry', `denied: nobody answered in time (${id})`),
      };
    case 'pending':
    case 'deferred':
    case 'answered':
    case 'withdrawn':
      return null;
  }
}

function denied(
  how: string,
  reason: string,
  by: (who: VerdictBy['who'], words: string) => VerdictBy,
  id: string,
): Verdict {
  if (how === 'unattended') return { may: false, reason, by: by('unattended', `denied: ${reason}`) };
  if (how === 'rule') return { may: false, reason, by: by('rule', `denied: ${reason}`) };
  const said = reason === '' ? '' : `: ${reason}`;
  return {
    may: false,
    reason: `The person at this machine denied it${said}`,
    by: by('person', `denied by a person (${id})${said}`),
  };
}
