import type { Agent } from '../../../shared/agent.ts';
import type { Id } from '../../../shared/ids.ts';
import { plainAgent } from '../../../shared/testing/plain-agent.ts';
import { newId } from '../../base/ids.ts';
import type { HandsOf } from '../hand-makers.ts';

/** An agent that keeps notes and memories and is offered every skill, and of that what a test says otherwise. */
export function someAgent(said: Partial<Agent> = {}): Agent {
  return {
    ...plainAgent,
    skills: '*',
    memory: { ...plainAgent.memory, episodic: true },
    notes: { mostCount: 64, mostBytes: 4096, section: 'off' },
    ...said,
  };
}

/** Whose hands they are: a call of its own each time. */
export function someHandsOf(said: { agent?: Partial<Agent>; session?: Id<'session'> } = {}): HandsOf {
  const now = new Date();
  return {
    agent: someAgent(said.agent),
    session: said.session ?? newId('session', now),
    call: newId('call', now),
    folders: [],
  };
}
