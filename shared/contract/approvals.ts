import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { answerSchema, approvalDetailSchema, approvalSchema } from '../approval.ts';
import { idSchema } from '../ids.ts';
import { ruleDraftSchema, rulePreviewSchema, ruleSchema, ruleTestSchema } from '../rule.ts';
import { forClients, forOperator } from './procedure.ts';

const named = { approval: z.string().min(1).max(40).describe('Id, or a unique beginning of it') };
const input = z.record(z.string(), z.json());

/** What waits for a person. Only the person answers: no token of a client, and none that stems from a session. */
export const approvalsContract = {
  list: forClients
    .route({ method: 'GET', path: '/approvals', summary: 'What waits for you, the oldest first' })
    .input(
      z
        .strictObject({
          every: z
            .union([z.boolean(), z.stringbool()])
            .default(false)
            .describe('also what is settled, the newest first'),
          session: idSchema('session').optional(),
          most: z.coerce.number().int().min(1).max(1000).default(100),
        })
        .prefault({}),
    )
    .output(z.array(approvalSchema)),
  watch: forClients
    .route({
      method: 'GET',
      path: '/approvals/watch',
      summary: 'Each that waits, and each again whenever it changes',
    })
    .output(eventIterator(approvalSchema)),
  get: forClients
    .route({
      method: 'GET',
      path: '/approvals/{approval}',
      summary: 'One approval with all there is to know',
    })
    .input(z.strictObject(named))
    .output(approvalDetailSchema),
  answer: forOperator
    .route({
      method: 'POST',
      path: '/approvals/{approval}/answer',
      summary: 'Answer it; the first answer counts',
    })
    .input(
      z.strictObject({
        ...named,
        answer: answerSchema,
        input: input.optional().describe('other arguments to allow it with; both are on the record'),
      }),
    )
    .output(approvalSchema),
};

/** Standing answers. They live in the record, never in a project. */
export const rulesContract = {
  list: forClients
    .route({ method: 'GET', path: '/rules', summary: 'Rules, the newest first' })
    .input(
      z
        .strictObject({
          every: z.union([z.boolean(), z.stringbool()]).default(false).describe('also those that ended'),
        })
        .prefault({}),
    )
    .output(z.array(ruleSchema)),
  add: forOperator
    .route({ method: 'POST', path: '/rules', summary: 'Add a rule' })
    .input(ruleDraftSchema)
    .output(ruleSchema),
  remove: forOperator
    .route({ method: 'POST', path: '/rules/{rule}/remove', summary: 'Remove a rule' })
    .input(z.strictObject({ rule: z.string().min(1).max(40).describe('Id, or a unique beginning of it') }))
    .output(ruleSchema),
  preview: forClients
    .route({
      method: 'POST',
      path: '/rules/preview',
      summary: 'Say what a rule would have decided of past calls, without adding it',
    })
    .input(ruleDraftSchema)
    .output(rulePreviewSchema),
  test: forClients
    .route({
      method: 'POST',
      path: '/rules/test',
      summary: 'Say what the rules make of a call, and which decides, without calling anything',
    })
    .input(
      z.strictObject({
        call: z.discriminatedUnion('kind', [
          z.strictObject({ kind: z.literal('line'), line: z.string().min(1).max(100_000) }),
          z.strictObject({ kind: z.literal('tool'), tool: z.string().min(1).max(200), input }),
        ]),
        agent: z.string().max(64).nullable().default(null),
        folder: z.string().max(4096).nullable().default(null),
        session: idSchema('session').nullable().default(null),
      }),
    )
    .output(ruleTestSchema),
};
