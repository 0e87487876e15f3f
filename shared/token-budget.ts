import { z } from 'zod';

/** What may be spent by way of one token. */
export const tokenBudgetSchema = z.strictObject({
  tokens: z.int().min(1).nullable().describe('null: no bound'),
  micros: z.int().min(1).nullable().describe('millionths of a dollar; null: no bound'),
  periodSeconds: z.int().min(0).describe('0: never reset'),
});
export type TokenBudget = z.infer<typeof tokenBudgetSchema>;
