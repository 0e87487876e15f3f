import type { Agent } from '../../../../shared/agent.ts';
import { plainAgent } from '../../../../shared/testing/plain-agent.ts';

/** An agent that says what a test says, and goes on where an answer was cut. */
export function someAgent(said: Partial<Agent> = {}): Agent {
  return {
    ...plainAgent,
    systemPrompt: 'You are tried out.',
    limits: { ...plainAgent.limits, continuations: 2 },
    ...said,
  };
}
