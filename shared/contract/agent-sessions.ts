import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import {
  agentSessionSchema,
  agentSessionWishSchema,
  sessionNewsSchema,
  transcriptEntrySchema,
} from '../agent-session.ts';
import { approvalLevelSchema } from '../approval.ts';
import { contentPartSchema, modelRefSchema } from '../conversation.ts';
import { idSchema } from '../ids.ts';
import { forClients, forOperator } from './procedure.ts';

const named = { session: z.string().min(1).max(40).describe('Id, or a unique beginning of it') };

/** Sessions with agents: a conversation each, whose effects happen in one sandbox. */
export const agentSessionsContract = {
  open: forOperator
    .route({ method: 'POST', path: '/agent-sessions', summary: 'Open a session with an agent' })
    .input(agentSessionWishSchema)
    .output(agentSessionSchema),
  list: forClients
    .route({ method: 'GET', path: '/agent-sessions', summary: 'Sessions with agents, the newest first' })
    .input(
      z
        .strictObject({
          agent: z.string().max(64).optional(),
          most: z.coerce.number().int().min(1).max(1000).default(100),
        })
        .prefault({}),
    )
    .output(z.array(agentSessionSchema)),
  get: forClients
    .route({ method: 'GET', path: '/agent-sessions/{session}', summary: 'One session with an agent' })
    .input(z.strictObject(named))
    .output(agentSessionSchema),
  watch: forClients
    .route({
      method: 'GET',
      path: '/agent-sessions/watch',
      summary: 'Each open one, and each again whenever it changes',
    })
    .output(eventIterator(agentSessionSchema)),
  transcript: forClients
    .route({
      method: 'GET',
      path: '/agent-sessions/{session}/transcript',
      summary: 'What was said and done, the newest page first',
    })
    .input(
      z.strictObject({
        ...named,
        before: z.coerce
          .number()
          .int()
          .min(0)
          .optional()
          .describe('a sequence number: entries older than it'),
        most: z.coerce.number().int().min(1).max(500).default(100),
      }),
    )
    .output(
      z.strictObject({
        entries: z.array(transcriptEntrySchema).describe('oldest first'),
        before: z.int().nullable().describe('for the page before; null at the beginning'),
      }),
    ),
  find: forClients
    .route({
      method: 'GET',
      path: '/agent-sessions/{session}/find',
      summary: 'Entries that hold these words',
    })
    .input(z.strictObject({ ...named, text: z.string().min(1).max(200) }))
    .output(z.array(z.strictObject({ seq: z.int(), line: z.string() }))),
  follow: forClients
    .route({
      method: 'GET',
      path: '/agent-sessions/{session}/follow',
      summary: 'What happens in it from now on, with what is being written',
    })
    .input(
      z.strictObject({
        ...named,
        after: z.coerce.number().int().min(0).optional().describe('entries newer than this come first'),
      }),
    )
    .output(eventIterator(sessionNewsSchema)),
  call: forClients
    .route({ method: 'GET', path: '/agent-sessions/{session}/calls/{call}', summary: 'One tool call whole' })
    .input(z.strictObject({ ...named, call: idSchema('call') }))
    .output(z.strictObject({ input: z.json(), result: z.array(contentPartSchema).nullable() })),
  send: forOperator
    .route({
      method: 'POST',
      path: '/agent-sessions/{session}/messages',
      summary: 'Say something to it; it waits in the inbox while the agent works',
    })
    .input(z.strictObject({ ...named, parts: z.array(contentPartSchema).min(1).max(20) }))
    .output(z.strictObject({ seq: z.int() })),
  pause: forOperator
    .route({
      method: 'POST',
      path: '/agent-sessions/{session}/pause',
      summary: 'Let it stop after what it does now',
    })
    .input(z.strictObject(named))
    .output(agentSessionSchema),
  resume: forOperator
    .route({ method: 'POST', path: '/agent-sessions/{session}/resume', summary: 'Let it go on' })
    .input(z.strictObject(named))
    .output(agentSessionSchema),
  interrupt: forOperator
    .route({
      method: 'POST',
      path: '/agent-sessions/{session}/interrupt',
      summary: 'End the turn it is at; the session stays open',
    })
    .input(z.strictObject(named))
    .output(agentSessionSchema),
  stop: forOperator
    .route({ method: 'POST', path: '/agent-sessions/{session}/stop', summary: 'End it' })
    .input(z.strictObject({ ...named, force: z.boolean().default(false) }))
    .output(agentSessionSchema),
  settle: forOperator
    .route({
      method: 'POST',
      path: '/agent-sessions/{session}/calls/{call}/settle',
      summary: 'Say what becomes of a call whose effect is unknown',
    })
    .input(z.strictObject({ ...named, call: idSchema('call'), decision: z.enum(['redo', 'skip', 'fail']) }))
    .output(agentSessionSchema),
  change: forOperator
    .route({
      method: 'POST',
      path: '/agent-sessions/{session}/change',
      summary: 'Give it another title, model, level of approvals or budget',
    })
    .input(
      z.strictObject({
        ...named,
        title: z.string().trim().min(1).max(200).optional(),
        model: modelRefSchema.optional(),
        approvals: approvalLevelSchema.optional(),
        budget: agentSessionWishSchema.shape.budget.optional(),
      }),
    )
    .output(agentSessionSchema),
};
