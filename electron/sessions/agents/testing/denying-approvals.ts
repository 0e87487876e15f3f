import type { Verdict } from '../../../approvals/asking.ts';
import { AgreeingApprovals } from './some-agent-sessions.ts';

/** Refuses everything, as a person would. */
export class DenyingApprovals extends AgreeingApprovals {
  override decide(): Promise<Verdict> {
    const by = { who: 'person', rule: null, approval: null, words: 'the test does not agree' } as const;
    return Promise.resolve({ may: false, reason: 'The test does not agree.', by });
  }
}
