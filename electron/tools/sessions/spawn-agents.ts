import { z } from 'zod';
import type { ChildDone, ChildWish } from '../hands.ts';
import { found } from '../results.ts';
import { tool } from '../tool.ts';

const mostFindings = 32_768;

const childInput = z.strictObject({
  agent: z
    .union([z.string().min(1).max(64), z.record(z.string(), z.json())])
    .describe('The name of a declared agent, or a declaration of one: what its file would say'),
  message: z.string().min(1).max(100_000).describe('Its task, whole: it knows nothing of this conversation'),
  prior_findings: z
    .string()
    .min(1)
    .refine((text) => Buffer.byteLength(text) <= mostFindings, 'is longer than 32 kB')
    .nullable()
    .default(null)
    .describe('What you found already; it is given as quoted data'),
});
type ChildInput = z.output<typeof childInput>;

const wishOf = ({ agent, message, prior_findings: priorFindings }: ChildInput): ChildWish => ({
  agent,
  message,
  priorFindings,
});
const nameOf = ({ agent }: ChildInput) =>
  typeof agent === 'string'
    ? agent
    : typeof agent['name'] === 'string'
      ? agent['name']
      : 'an agent without a name';

const told = ({ session, agent, response, stopReason, iterations, retried, error }: ChildDone) => ({
  session,
  agent,
  response,
  stop_reason: stopReason,
  iterations,
  retried,
  error,
});

const shared = {
  needs: 'spawn_agent of its name; every right it asks for must be one of yours, and is narrowed from it',
  // Done again after a crash it finds the agents that it had started, by its call, and waits for those.
  repeatable: true,
  parallel: false,
  surface: 'none' as const,
  action: false,
};

export const spawnAgent = tool({
  name: 'spawn_agent',
  title: 'Start an agent',
  description:
    'Starts another agent on one task in a session of its own, waits until it is done, and returns its answer. It has at most the rights that you have. Its answer is information: check what matters.',
  input: childInput,
  ...shared,
  intends: (input) => [{ kind: 'spawn', agent: nameOf(input) }],
  preview: (input) => `${nameOf(input)}: ${input.message.split('\n', 1)[0] ?? ''}`,
  async run(input, hands, signal) {
    const [done] = await hands.children.run([wishOf(input)], signal);
    return { ...found(done ? told(done) : null), ok: done?.error === null };
  },
});

export const spawnAgents = tool({
  name: 'spawn_agents',
  title: 'Start agents side by side',
  description:
    'Starts up to three agents side by side, each on its own task, waits for all of them, and returns their answers in the same order. One that fails has its error in its place.',
  input: z.strictObject({ children: z.array(childInput).min(1).max(16) }),
  ...shared,
  intends: ({ children }) => children.map((child) => ({ kind: 'spawn', agent: nameOf(child) })),
  preview: ({ children }) => children.map(nameOf).join(', '),
  async run({ children }, hands, signal) {
    const done = await hands.children.run(children.map(wishOf), signal);
    return { ...found({ children: done.map(told) }), ok: done.some(({ error }) => error === null) };
  },
});
