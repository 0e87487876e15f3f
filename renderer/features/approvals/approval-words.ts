import type { Approval, Settled } from '../../../shared/approval.ts';
import type { DotTone } from '../../ui/Dot.tsx';

const settledWords: Record<Settled['how'], string> = {
  once: 'allowed once',
  session: 'allowed for its session',
  always: 'allowed from now on',
  reply: 'answered',
  deny: 'denied',
  rule: 'decided by a rule',
  unattended: 'denied: nobody was there',
  expiry: 'nobody answered in time',
  withdrawn: 'withdrawn',
};

const whoWords: Record<Settled['by']['kind'], string> = {
  operator: 'by you',
  client: 'by a program',
  agent: 'by an agent',
  system: '',
};

/** What became of it, in a few words. */
export function outcomeWords({ settled }: Approval): string {
  if (!settled) return 'waits for you';
  const how = `${settledWords[settled.how]}${settled.edited ? ', with changes' : ''}`;
  return settled.how === 'withdrawn' || settled.how === 'expiry'
    ? how
    : `${how} ${whoWords[settled.by.kind]}`.trim();
}

/** Words that follow a name elsewhere, as a sentence of their own. */
export function sentence(words: string): string {
  const begun = words.charAt(0).toLocaleUpperCase('en') + words.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

export function toneOf({ state }: Approval): DotTone {
  switch (state) {
    case 'pending':
      return 'waits';
    case 'granted':
    case 'answered':
      return 'good';
    case 'denied':
    case 'expired':
      return 'refused';
    case 'deferred':
    case 'withdrawn':
      return 'quiet';
  }
}
