import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import {
  toolServerNameSchema,
  toolServerPageSchema,
  toolServerRowSchema,
  toolServerSchema,
} from '../tool-server.ts';
import { declarationProblemSchema } from './agents.ts';
import { forOperator } from './procedure.ts';

const named = { server: toolServerNameSchema };
const text = z.string().max(1_000_000);

/** Servers whose tools agents may use. */
export const toolServersContract = {
  list: forOperator
    .route({ method: 'GET', path: '/tool-servers', summary: 'Every server, broken ones included' })
    .output(z.array(toolServerRowSchema)),
  watch: forOperator
    .route({ method: 'GET', path: '/tool-servers/watch', summary: 'All of them, and again when one changes' })
    .output(eventIterator(z.array(toolServerRowSchema))),
  get: forOperator
    .route({ method: 'GET', path: '/tool-servers/{server}', summary: 'One server with its tools' })
    .input(z.strictObject(named))
    .output(toolServerPageSchema),
  compose: forOperator
    .route({
      method: 'POST',
      path: '/tool-servers/compose',
      summary:
        'Change fields in the text of a declaration, and say what it declares; comments and order stay',
    })
    .input(
      z.strictObject({
        text: text.describe('empty: a new one'),
        set: z
          .array(
            z.strictObject({ field: z.array(z.string().min(1).max(200)).min(1).max(8), value: z.json() }),
          )
          .max(100)
          .default([])
          .describe('in this order; the name of each field from the outside in; null takes it out'),
      }),
    )
    .output(
      z.strictObject({
        text,
        server: toolServerSchema.nullable().describe('null where there are problems'),
        problems: z.array(declarationProblemSchema),
      }),
    ),
  save: forOperator
    .route({ method: 'PUT', path: '/tool-servers/{server}', summary: 'Write its declaration' })
    .input(z.strictObject({ ...named, text }))
    .output(toolServerPageSchema),
  remove: forOperator
    .route({ method: 'DELETE', path: '/tool-servers/{server}', summary: 'Remove it' })
    .input(z.strictObject(named))
    .output(z.strictObject({ removed: z.literal(true) })),
  read: forOperator
    .route({
      method: 'POST',
      path: '/tool-servers/read',
      summary: 'What a file of another program would bring: mcpServers, servers.json, mcp-servers.yaml',
    })
    .input(z.strictObject({ text }))
    .output(
      z.strictObject({
        form: z.string().describe('which form it was taken for'),
        servers: z.array(
          z.strictObject({ server: z.string(), text: z.string(), notes: z.array(z.string()) }),
        ),
        problems: z.array(z.string()),
      }),
    ),
  start: forOperator
    .route({ method: 'POST', path: '/tool-servers/{server}/start', summary: 'Start it, or start it again' })
    .input(z.strictObject(named))
    .output(toolServerPageSchema),
  stop: forOperator
    .route({ method: 'POST', path: '/tool-servers/{server}/stop', summary: 'End it until it is asked for' })
    .input(z.strictObject(named))
    .output(toolServerPageSchema),
  accept: forOperator
    .route({
      method: 'POST',
      path: '/tool-servers/{server}/accept',
      summary: 'Let tools be used as they are now, by the digests that were seen',
    })
    .input(z.strictObject({ ...named, digests: z.array(z.string().max(100)).min(1).max(1000) }))
    .output(toolServerPageSchema),
  call: forOperator
    .route({ method: 'POST', path: '/tool-servers/{server}/call', summary: 'Call a tool of it, to try it' })
    .input(z.strictObject({ ...named, tool: z.string().max(200), input: z.unknown() }))
    .output(
      z.strictObject({
        ok: z.boolean(),
        text: z.string().describe('what a model would be given'),
        milliseconds: z.number(),
      }),
    ),
  signIn: forOperator
    .route({
      method: 'POST',
      path: '/tool-servers/{server}/sign-in',
      summary: 'Where the person signs in with a browser; it comes back here by itself',
    })
    .input(z.strictObject(named))
    .output(z.strictObject({ url: z.url() })),
  signOut: forOperator
    .route({ method: 'POST', path: '/tool-servers/{server}/sign-out', summary: 'Forget its sign-in' })
    .input(z.strictObject(named))
    .output(toolServerPageSchema),
};
