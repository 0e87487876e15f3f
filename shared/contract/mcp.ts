import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { mcpClientCallSchema, mcpConfigurationSchema, mcpServingSchema } from '../mcp.ts';
import { idSchema } from '../ids.ts';
import { forOperator } from './procedure.ts';

/** Programs that speak with Holdfast by MCP: each has a token with rights for it. */
export const mcpContract = {
  serving: forOperator
    .route({ method: 'GET', path: '/mcp', summary: 'Where programs find Holdfast by MCP' })
    .output(mcpServingSchema),
  serve: forOperator
    .route({ method: 'POST', path: '/mcp', summary: 'Switch it on or off, or to another port' })
    .input(z.strictObject({ on: z.boolean(), port: z.int().min(1).max(65_535).nullable().default(null) }))
    .output(mcpServingSchema),
  configurations: forOperator
    .route({
      method: 'POST',
      path: '/mcp/configurations',
      summary: 'What to put into programs so that they find it',
    })
    .input(
      z.strictObject({
        token: z.string().max(200).nullable().describe('its value, to be written in; null: a variable'),
      }),
    )
    .output(z.array(mcpConfigurationSchema)),
  calls: forOperator
    .route({ method: 'GET', path: '/mcp/calls/{token}', summary: 'What one program asked last' })
    .input(
      z.strictObject({
        token: idSchema('token'),
        most: z.coerce.number().int().min(1).max(200).default(20),
      }),
    )
    .output(z.array(mcpClientCallSchema)),
  watch: forOperator
    .route({ method: 'GET', path: '/mcp/watch', summary: 'Whether it listens, and again when that changes' })
    .output(eventIterator(mcpServingSchema)),
};
