import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { anyObjectiveSchema, objectiveSchema, objectiveWishSchema } from '../objective.ts';
import { timingSchema } from '../schedule.ts';
import { forClients, forOperator } from './procedure.ts';

const any = z.strictObject({ name: anyObjectiveSchema });

/** Standing instructions with a schedule. */
export const objectivesContract = {
  list: forClients
    .route({
      method: 'GET',
      path: '/objectives',
      summary: 'Objectives, with their next and their last times',
    })
    .output(z.array(objectiveSchema)),
  watch: forClients
    .route({
      method: 'GET',
      path: '/objectives/watch',
      summary: 'All objectives, and all again whenever one of them changes',
    })
    .output(eventIterator(z.array(objectiveSchema))),
  get: forClients
    .route({ method: 'GET', path: '/objectives/{name}', summary: 'One objective' })
    .input(any)
    .output(objectiveSchema),
  times: forClients
    .route({ method: 'POST', path: '/objectives/times', summary: 'When a schedule would be due next' })
    .input(z.strictObject({ timing: timingSchema, most: z.int().min(1).max(20).default(5) }))
    .output(z.strictObject({ next: z.array(z.iso.datetime()), problem: z.string().nullable() })),
  save: forOperator
    .route({ method: 'PUT', path: '/objectives/{name}', summary: 'Make an objective, or change one' })
    .input(z.strictObject({ ...objectiveWishSchema.shape, replace: z.boolean().default(false) }))
    .output(objectiveSchema),
  remove: forOperator
    .route({
      method: 'DELETE',
      path: '/objectives/{name}',
      summary: 'Remove an objective; what it started goes on',
    })
    .input(any)
    .output(z.null()),
  pause: forOperator
    .route({ method: 'POST', path: '/objectives/{name}/pause', summary: 'Begin nothing more by it' })
    .input(any)
    .output(objectiveSchema),
  resume: forOperator
    .route({
      method: 'POST',
      path: '/objectives/{name}/resume',
      summary: 'Go on with it; its failures are forgotten',
    })
    .input(any)
    .output(objectiveSchema),
  run: forOperator
    .route({
      method: 'POST',
      path: '/objectives/{name}/run',
      summary: 'Begin it now, whatever its schedule says',
    })
    .input(any)
    .output(z.strictObject({ thing: z.string().describe('the run or session'), objective: objectiveSchema })),
};
