import type { RunPayer } from '../../../shared/run.ts';
import type { BudgetsAbove } from './live-needs.ts';

/** With whoever had the run begun: it spends no more than their bounds hold, and it counts there. */
export function paidBy(payer: RunPayer | null, above: BudgetsAbove): BudgetsAbove {
  if (payer === null) return above;
  const { session, agent, ...limit } = payer;
  return {
    ...above,
    agents: [...above.agents, { agent, limit }],
    sessions: [...above.sessions, { session, tokens: null, micros: null }],
  };
}
