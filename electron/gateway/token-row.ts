import { z } from 'zod';
import { tokenSchema } from '../../shared/contract/house.ts';
import { mcpRightsSchema } from '../../shared/mcp.ts';
import { tokenBudgetSchema } from '../../shared/token-budget.ts';

const rowSchema = tokenSchema.extend({
  digest: z.string(),
  procedures: z
    .string()
    .nullable()
    .transform((text) => (text === null ? null : z.array(z.string()).parse(JSON.parse(text)))),
  budget: z
    .string()
    .nullable()
    .transform((text) => (text === null ? null : tokenBudgetSchema.parse(JSON.parse(text)))),
  mcp: z
    .string()
    .nullable()
    .transform((text) => (text === null ? null : mcpRightsSchema.parse(JSON.parse(text)))),
});

/** Each token with its bounds; what narrows them comes after it. */
export const tokensWithBounds =
  'SELECT tokens.*, token_budgets.budget, token_mcp.rights AS mcp FROM tokens LEFT JOIN token_budgets USING (id) LEFT JOIN token_mcp USING (id)';

/** One row of the derived table `tokens`. */
export type TokenRow = z.infer<typeof rowSchema>;

export function readTokenRow(row: Readonly<Record<string, unknown>>): TokenRow {
  return rowSchema.parse(row);
}
