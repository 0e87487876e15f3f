import { z } from 'zod';
import type { Agent } from '../../../shared/agent.ts';
import { memoryCategorySchema as category } from '../../../shared/memory.ts';
import { found, said } from '../results.ts';
import { tool } from '../tool.ts';
import { withinHoldfast } from '../within-holdfast.ts';

const id = z.string().min(1).max(40).describe('Its id, mem_…');

const shared = {
  ...withinHoldfast,
  offered: ({ memory }: Agent) => memory.episodic,
};

export const memoryStore = tool({
  name: 'memory_store',
  title: 'Remember',
  description:
    'Keeps one thing for later sessions: a fact, an observation, a decision with its reason, or a preference of the person. Write it so that it makes sense alone. Give the id of one that is no longer right as replaces. Never store secrets.',
  input: z.strictObject({
    content: z.string().min(1).max(65_536),
    category,
    replaces: id.nullable().default(null),
  }),
  ...shared,
  preview: ({ content }) => content.split('\n', 1)[0] ?? '',
  run: async (memory, hands) => found(await hands.memory.store(memory)),
});

export const memoryQuery = tool({
  name: 'memory_query',
  title: 'Recall',
  description:
    'Finds what you remembered in earlier sessions, the closest first, with ids and a score from 0 to 1. Look before you begin with something you may have done before. What is remembered may be out of date: check what matters.',
  input: z.strictObject({
    query: z.string().min(1).max(4000),
    limit: z.int().min(1).max(20).default(5),
    category: category.nullable().default(null),
  }),
  ...shared,
  parallel: true,
  preview: ({ query }) => query,
  async run(question, hands) {
    const { found: results, how } = await hands.memory.query(question);
    return found({ results, count: results.length, searched: how });
  },
});

export const memoryDelete = tool({
  name: 'memory_delete',
  title: 'Forget',
  description: 'Takes one thing out of your memory that is wrong or of no more use.',
  input: z.strictObject({ memory_id: id }),
  ...shared,
  preview: ({ memory_id: memory }) => memory,
  async run({ memory_id: memory }, hands) {
    await hands.memory.remove(memory);
    return said(`${memory} is forgotten.`);
  },
});
