import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { outcomeSchema, sessionSchema, sessionWishSchema, terminalSizeSchema } from '../session.ts';
import { forClients, forOperator } from './procedure.ts';
import { reviewing } from './reviewing.ts';

const named = { session: z.string().min(1).max(40).describe('Id, or a unique beginning of it') };
const base64 = z.base64().max(1_400_000);

/** What an attached viewer receives, in order. */
export const viewedSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('attached'),
    viewer: z.string(),
    input: z.boolean().describe('whether this viewer may type'),
    terminal: z.boolean(),
    why: z.string().nullable().describe('why there are pipes where a terminal was asked for'),
    size: terminalSizeSchema.nullable(),
  }),
  z.strictObject({
    kind: z.literal('output'),
    stream: z.enum(['terminal', 'stdout', 'stderr']),
    data: base64,
  }),
  z.strictObject({
    kind: z.literal('skipped'),
    bytes: z.int().min(1).describe('this viewer was too slow for'),
  }),
  z.strictObject({ kind: z.literal('resized'), size: terminalSizeSchema }),
  z.strictObject({ kind: z.literal('ended'), outcome: outcomeSchema }),
]);
export type Viewed = z.infer<typeof viewedSchema>;

export const sessionsContract = {
  start: forOperator
    .route({ method: 'POST', path: '/sessions', summary: 'Start a command or a terminal, contained' })
    .input(sessionWishSchema)
    .output(sessionSchema),
  list: forClients
    .route({ method: 'GET', path: '/sessions', summary: 'Sessions, the newest first' })
    .input(z.strictObject({ most: z.coerce.number().int().min(1).max(1000).default(100) }).prefault({}))
    .output(z.array(sessionSchema)),
  get: forClients
    .route({ method: 'GET', path: '/sessions/{session}', summary: 'One session' })
    .input(z.strictObject(named))
    .output(sessionSchema),
  watch: forClients
    .route({
      method: 'GET',
      path: '/sessions/watch',
      summary: 'Each session now running or under review, and each again whenever it changes',
    })
    .output(eventIterator(sessionSchema)),
  attach: forOperator
    .route({
      method: 'POST',
      path: '/sessions/{session}/attach',
      summary: 'Follow its output, from what is still kept of it, and perhaps type',
    })
    .input(
      z.strictObject({
        ...named,
        input: z.boolean().default(false),
        every: z
          .boolean()
          .default(false)
          .describe(
            'Says what it has taken, and is sent no more ahead of that; on pipes the program waits for it',
          ),
      }),
    )
    .output(eventIterator(viewedSchema)),
  taken: forOperator
    .route({
      method: 'POST',
      path: '/sessions/{session}/taken',
      summary: 'Say how much output a viewer that misses nothing has taken',
    })
    .input(z.strictObject({ ...named, viewer: z.string().max(80), bytes: z.int().min(1) }))
    .output(z.strictObject({ taken: z.int().min(0).describe('in all') })),
  input: forOperator
    .route({
      method: 'POST',
      path: '/sessions/{session}/input',
      summary: 'Type, as an attached viewer that may',
    })
    .input(
      z.strictObject({ ...named, viewer: z.string().max(80), data: base64, end: z.boolean().default(false) }),
    )
    .output(z.strictObject({ taken: z.int().min(0) })),
  resize: forOperator
    .route({ method: 'POST', path: '/sessions/{session}/resize', summary: 'Give its terminal another size' })
    .input(z.strictObject({ ...named, viewer: z.string().max(80), size: terminalSizeSchema }))
    .output(z.strictObject({ size: terminalSizeSchema })),
  stop: forOperator
    .route({ method: 'POST', path: '/sessions/{session}/stop', summary: 'Ask it to end; at once with force' })
    .input(z.strictObject({ ...named, force: z.boolean().default(false) }))
    .output(sessionSchema),
  ...reviewing('/sessions/{session}', named, { whole: { session: sessionSchema }, left: sessionSchema }),
};
