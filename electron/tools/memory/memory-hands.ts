import { Problem } from '../../../shared/problem.ts';
import type { HandsOf } from '../hand-makers.ts';
import type { MemoryHands } from '../hands.ts';
import type { Memories, MemoryQuota, Rememberer } from './memories.ts';

export function memoryHands(memories: Memories, { agent, session, call, budgets }: HandsOf): MemoryHands {
  const { name, memory } = agent;
  if (!memory.episodic) {
    throw new Problem(
      'forbidden',
      `The agent ${name} has no memory beyond its sessions.`,
      'Its file turns it on with memory: episodic_enabled: true.',
    );
  }
  const quota: MemoryQuota = { mostRecords: memory.episodicMostRecords, mostBytes: memory.episodicMostBytes };
  const by: Rememberer = {
    agent: name,
    actor: { kind: 'agent', id: name },
    scope: { session, agent: name },
    budgets,
  };
  return {
    store: async (wish) => ({ id: await memories.store(by, { ...wish, call }, quota) }),
    query: (question) => memories.query(by, question),
    remove: (id) => memories.remove(by, id),
  };
}
