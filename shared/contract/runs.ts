import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { planSchema, subtaskNameSchema } from '../plan.ts';
import { recipeNameSchema } from '../recipe.ts';
import { runNewsSchema, runSchema, runStateSchema, runSubtaskSchema, runWishSchema } from '../run.ts';
import { forClients, forOperator } from './procedure.ts';
import { reviewing } from './reviewing.ts';

const named = { run: z.string().min(1).max(40).describe('Id, or a unique beginning of it') };
const part = { ...named, subtask: subtaskNameSchema };

/** What a part of a plan would be allowed, after it was narrowed by the ceiling. */
export const allowedPartSchema = z.strictObject({
  name: subtaskNameSchema,
  role: z.string(),
  rights: z.array(z.string()).describe('in words'),
  dropped: z.array(z.string()).describe('what its role asks for and it does not get, with the reason'),
});
export type AllowedPart = z.infer<typeof allowedPartSchema>;

export const planPreviewSchema = z.strictObject({
  problems: z.array(z.string()).describe('what keeps it from being started; all of them'),
  plan: planSchema.nullable().describe('null where it has problems, or where a model plans it'),
  parts: z.array(allowedPartSchema).max(1000),
  rights: z.array(z.string()).describe('what the run as a whole may do at most, in words'),
  needsModel: z.boolean(),
  beyond: z.array(z.string()).describe('what the plan asks for beyond the ceiling, in words'),
});
export type PlanPreview = z.infer<typeof planPreviewSchema>;

/** Goals, recipes and plans at work. */
export const runsContract = {
  submit: forOperator
    .route({ method: 'POST', path: '/runs', summary: 'Start a goal, a recipe, a plan or an agent' })
    .input(runWishSchema)
    .output(runSchema),
  preview: forOperator
    .route({
      method: 'POST',
      path: '/runs/preview',
      summary: 'What it would be allowed, before it is started',
    })
    .input(runWishSchema)
    .output(planPreviewSchema),
  list: forClients
    .route({ method: 'GET', path: '/runs', summary: 'Runs, the newest first' })
    .input(
      z
        .strictObject({
          state: runStateSchema.optional(),
          text: z.string().max(200).optional().describe('words of its title or goal'),
          most: z.coerce.number().int().min(1).max(1000).default(100),
        })
        .prefault({}),
    )
    .output(z.array(runSchema)),
  watch: forClients
    .route({
      method: 'GET',
      path: '/runs/watch',
      summary: 'Each that is not finished, or whose changes wait, and each again when it changes',
    })
    .output(eventIterator(runSchema)),
  get: forClients
    .route({ method: 'GET', path: '/runs/{run}', summary: 'One run' })
    .input(z.strictObject(named))
    .output(runSchema),
  plan: forClients
    .route({
      method: 'GET',
      path: '/runs/{run}/plan',
      summary: 'Its plan as it is now, or as it was in a round; one that waits for a person has no parts yet',
    })
    .input(z.strictObject({ ...named, round: z.coerce.number().int().min(1).optional() }))
    .output(
      z.strictObject({ plan: planSchema.nullable(), subtasks: z.array(runSubtaskSchema), round: z.int() }),
    ),
  subtask: forClients
    .route({
      method: 'GET',
      path: '/runs/{run}/subtasks/{subtask}',
      summary:
        'One part of its plan as it is now, or as it was in a round: its parameters, rights and answer',
    })
    .input(z.strictObject({ ...part, round: z.coerce.number().int().min(1).optional() }))
    .output(
      z.strictObject({
        subtask: runSubtaskSchema,
        params: z.record(z.string(), z.json()).describe('after substitution'),
        message: z.string(),
        rights: z.array(z.string()),
        dropped: z.array(z.string()),
        answer: z.string().nullable(),
      }),
    ),
  follow: forClients
    .route({
      method: 'GET',
      path: '/runs/{run}/follow',
      summary: 'The run and its parts, and what changes of them',
    })
    .input(z.strictObject(named))
    .output(eventIterator(runNewsSchema)),
  answerPlan: forOperator
    .route({
      method: 'POST',
      path: '/runs/{run}/plan',
      summary: 'Start a plan that waits, as it is or changed, or refuse it',
    })
    .input(
      z.strictObject({
        ...named,
        answer: z.enum(['start', 'refuse']),
        plan: planSchema.nullable().default(null).describe('null: as it is'),
        widen: z.boolean().default(false).describe('grant what it asks for beyond the ceiling'),
      }),
    )
    .output(runSchema),
  pause: forOperator
    .route({
      method: 'POST',
      path: '/runs/{run}/pause',
      summary: 'Start nothing more, and let its agents pause',
    })
    .input(z.strictObject(named))
    .output(runSchema),
  resume: forOperator
    .route({ method: 'POST', path: '/runs/{run}/resume', summary: 'Let it go on' })
    .input(z.strictObject(named))
    .output(runSchema),
  stop: forOperator
    .route({
      method: 'POST',
      path: '/runs/{run}/stop',
      summary: 'Cancel it; nothing of it runs when this answers',
    })
    .input(z.strictObject(named))
    .output(runSchema),
  retry: forOperator
    .route({
      method: 'POST',
      path: '/runs/{run}/retry',
      summary: 'A new run with what succeeded kept, and the rest again',
    })
    .input(z.strictObject(named))
    .output(runSchema),
  fork: forOperator
    .route({
      method: 'POST',
      path: '/runs/{run}/fork',
      summary: 'A new run from these parts on; results that do not follow from them are kept',
    })
    .input(
      z.strictObject({
        ...named,
        from: z.array(subtaskNameSchema).min(1).max(1000),
        params: z
          .record(subtaskNameSchema, z.record(z.string(), z.json()))
          .default({})
          .describe('other parameters for some of its parts'),
      }),
    )
    .output(runSchema),
  ...reviewing('/runs/{run}', named, { whole: { run: runSchema }, left: runSchema }),
  pin: forOperator
    .route({
      method: 'POST',
      path: '/runs/{run}/pin',
      summary: 'Keep its folder, or let it be removed in its time',
    })
    .input(z.strictObject({ ...named, pinned: z.boolean() }))
    .output(runSchema),
  raise: forOperator
    .route({
      method: 'POST',
      path: '/runs/{run}/budget',
      summary: 'Say what it may spend in all; what a budget had refused of it begins again',
    })
    .input(
      z.strictObject({
        ...named,
        tokens: z.int().min(1).optional(),
        micros: z.int().min(1).optional().describe('millionths of a dollar'),
        seconds: z
          .int()
          .min(1)
          .max(30 * 86_400)
          .optional()
          .describe('from its start to its end'),
      }),
    )
    .output(runSchema),
  output: forClients
    .route({ method: 'GET', path: '/runs/{run}/output', summary: 'A piece of a file that it left' })
    .input(
      z.strictObject({
        ...named,
        path: z.string().min(1).max(4096),
        offset: z.coerce.number().int().min(0).default(0),
      }),
    )
    .output(
      z.strictObject({
        text: z.string().nullable().describe('null where it is no text'),
        base64: z.string().nullable(),
        bytes: z.int(),
        next: z.int().nullable(),
        same: z.boolean().describe('whether it is still what the record says it was'),
      }),
    ),
  asRecipe: forOperator
    .route({
      method: 'POST',
      path: '/runs/{run}/recipe',
      summary: 'The text of a recipe that does what this run did',
    })
    .input(z.strictObject({ ...named, name: recipeNameSchema, title: z.string().trim().min(1).max(100) }))
    .output(z.strictObject({ text: z.string() })),
};
