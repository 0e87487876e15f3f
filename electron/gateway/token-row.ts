import { z } from 'zod';
import { tokenSchema } from '../../shared/contract/house.ts';

const rowSchema = tokenSchema.extend({
  digest: z.string(),
  procedures: z
    .string()
    .nullable()
    .transform((text) => (text === null ? null : z.array(z.string()).parse(JSON.parse(text)))),
});

/** One row of the derived table `tokens`. */
export type TokenRow = z.infer<typeof rowSchema>;

export function readTokenRow(row: Readonly<Record<string, unknown>>): TokenRow {
  return rowSchema.parse(row);
}
