import { z } from 'zod';
import { said } from '../results.ts';
import { tool } from '../tool.ts';
import { withinHoldfast } from '../within-holdfast.ts';

export const askPerson = tool({
  name: 'ask_person',
  title: 'Ask the person',
  description:
    'Asks the person one question and waits for the answer, which may take long. Give choices where there are some; set free to false where only those make sense. Ask rarely: only where a wrong guess would cost more than the wait.',
  input: z.strictObject({
    question: z.string().min(1).max(10_000),
    choices: z.array(z.string().min(1).max(500)).max(12).default([]),
    free: z.boolean().default(true).describe('Whether they may answer in their own words'),
  }),
  ...withinHoldfast,
  preview: ({ question }) => question.split('\n', 1)[0] ?? '',
  async run({ question, choices, free }, hands, signal) {
    return said(
      await hands.person.ask({ text: question, choices, free: free || choices.length === 0 }, signal),
    );
  },
});
