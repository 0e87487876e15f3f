import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { agentSessionSchema } from '../agent-session.ts';
import { forClients, forOperator } from './procedure.ts';

const amount = z.strictObject({
  spent: z.int(),
  reserved: z.int().describe('set aside for calls that run'),
  limit: z.int().nullable(),
});

export const budgetAccountSchema = z.strictObject({
  kind: z.enum(['run', 'session', 'agent', 'person', 'day']),
  of: z.string().describe('the session’s id or the agent’s name; empty for the others'),
  tokens: amount,
  micros: amount.describe('millionths of a dollar'),
  unpriced: z
    .int()
    .describe('of the tokens spent, those whose price nobody knows: the dollars are without them'),
  until: z.iso.datetime().nullable().describe('when it begins anew'),
});
export type BudgetAccount = z.infer<typeof budgetAccountSchema>;

export const budgetStateSchema = z.strictObject({
  accounts: z
    .array(budgetAccountSchema)
    .describe('this day and the person first, then agents and sessions that spent since Holdfast started'),
});
export type BudgetState = z.infer<typeof budgetStateSchema>;

/** What was spent on models, and what may be. */
export const budgetsContract = {
  get: forClients
    .route({ method: 'GET', path: '/budgets', summary: 'What was spent, and what may be' })
    .output(budgetStateSchema),
  watch: forClients
    .route({ method: 'GET', path: '/budgets/watch', summary: 'The same, and again whenever it changes' })
    .output(eventIterator(budgetStateSchema)),
  raise: forOperator
    .route({
      method: 'POST',
      path: '/budgets/{session}/raise',
      summary: 'Say what a session may spend in all; a bound that is not named stays',
    })
    .input(
      z.strictObject({
        session: z.string().min(1).max(40).describe('Id, or a unique beginning of it'),
        tokens: z.int().min(1).optional(),
        micros: z.int().min(1).optional().describe('millionths of a dollar'),
      }),
    )
    .output(agentSessionSchema),
};
