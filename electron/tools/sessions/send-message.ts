import { z } from 'zod';
import { found } from '../results.ts';
import { tool } from '../tool.ts';

export const sendMessage = tool({
  name: 'send_message',
  title: 'Send a message to an agent',
  description:
    'Puts a message into the inbox of another agent that is at work, and returns at once. It takes it up after its present turn.',
  input: z.strictObject({
    to: z.string().min(1).max(64).describe('The agent’s name'),
    text: z.string().min(1).max(100_000),
  }),
  needs: 'message of its name',
  repeatable: false,
  parallel: false,
  surface: 'none',
  action: false,
  intends: ({ to }) => [{ kind: 'message', to }],
  preview: ({ to, text }) => `to ${to}: ${text.split('\n', 1)[0] ?? ''}`,
  run: async ({ to, text }, hands) => found(await hands.children.send(to, text)),
});
