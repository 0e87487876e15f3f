import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { agentNameSchema } from '../agent.ts';
import { idSchema } from '../ids.ts';
import { jobSchema } from '../job.ts';
import { memoryCategorySchema } from '../memory.ts';
import { skillSchema } from '../skill.ts';
import { forClients, forOperator } from './procedure.ts';

const agent = { agent: agentNameSchema };
const content = z.string().max(65_536);
const agentsOf = z.array(z.strictObject({ agent: z.string(), count: z.int() }));

export const noteSchema = z.strictObject({
  key: z.string(),
  content: z.string(),
  pinned: z.boolean(),
  changed: z.string(),
});
export type ShownNote = z.infer<typeof noteSchema>;
const key = { ...agent, key: z.string().min(1).max(64) };

/** Notes of agents: short texts under keys. */
export const notesContract = {
  agents: forOperator
    .route({ method: 'GET', path: '/notes', summary: 'Which agents have notes, and how many' })
    .output(agentsOf),
  list: forOperator
    .route({ method: 'GET', path: '/notes/{agent}', summary: 'The notes of an agent' })
    .input(z.strictObject(agent))
    .output(z.array(noteSchema)),
  get: forOperator
    .route({ method: 'GET', path: '/notes/{agent}/{key}', summary: 'One note' })
    .input(z.strictObject(key))
    .output(noteSchema),
  save: forOperator
    .route({ method: 'PUT', path: '/notes/{agent}/{key}', summary: 'Write a note' })
    .input(z.strictObject({ ...key, content, pin: z.boolean().nullable().default(null) }))
    .output(noteSchema),
  pin: forOperator
    .route({ method: 'POST', path: '/notes/{agent}/{key}/pin', summary: 'Pin a note, or unpin it' })
    .input(z.strictObject({ ...key, pinned: z.boolean() }))
    .output(noteSchema),
  erase: forOperator
    .route({
      method: 'DELETE',
      path: '/notes/{agent}/{key}',
      summary: 'Remove a note, and erase every wording of it from the record',
    })
    .input(z.strictObject(key))
    .output(z.strictObject({ key: z.string() })),
};

export const memorySchema = z.strictObject({
  id: idSchema('memory'),
  content: z.string(),
  category: memoryCategorySchema,
  created: z.string(),
  embedding: z.string().nullable().describe('the model that embedded it; null: it is found by its words'),
});
export type ShownMemory = z.infer<typeof memorySchema>;
const memory = { memory: idSchema('memory') };

/** What agents remember beyond their sessions. */
export const memoryContract = {
  agents: forOperator
    .route({ method: 'GET', path: '/memory', summary: 'Which agents remember something, and how much' })
    .output(agentsOf),
  list: forOperator
    .route({ method: 'GET', path: '/memory/agents/{agent}', summary: 'What an agent remembers' })
    .input(z.strictObject(agent))
    .output(z.array(memorySchema)),
  get: forOperator
    .route({ method: 'GET', path: '/memory/{memory}', summary: 'One memory' })
    .input(z.strictObject(memory))
    .output(memorySchema.extend({ agent: z.string() })),
  edit: forOperator
    .route({ method: 'PUT', path: '/memory/{memory}', summary: 'Put a memory right' })
    .input(
      z.strictObject({
        ...memory,
        content: content.min(1),
        category: memoryCategorySchema.nullable().default(null),
      }),
    )
    .output(memorySchema),
  erase: forOperator
    .route({
      method: 'DELETE',
      path: '/memory/{memory}',
      summary: 'Remove a memory, and erase every wording of it from the record',
    })
    .input(z.strictObject(memory))
    .output(z.strictObject({ id: idSchema('memory') })),
};

const skill = { skill: z.string().min(1).max(255) };

/** Skills: written ways of doing something well, in the AgentSkills format. */
export const skillsContract = {
  list: forClients
    .route({ method: 'GET', path: '/skills', summary: 'Every skill, those that cannot be used included' })
    .output(z.array(skillSchema)),
  get: forClients
    .route({ method: 'GET', path: '/skills/{skill}', summary: 'One skill with its text' })
    .input(z.strictObject(skill))
    .output(skillSchema.extend({ text: z.string() })),
  enable: forOperator
    .route({ method: 'POST', path: '/skills/{skill}/enable', summary: 'Offer a skill to agents again' })
    .input(z.strictObject(skill))
    .output(skillSchema),
  disable: forOperator
    .route({ method: 'POST', path: '/skills/{skill}/disable', summary: 'Offer a skill to no agent' })
    .input(z.strictObject(skill))
    .output(skillSchema),
  add: forOperator
    .route({ method: 'POST', path: '/skills', summary: 'Copy a skill from a folder into your own' })
    .input(z.strictObject({ from: z.string().min(1).max(4096), replace: z.boolean().default(false) }))
    .output(skillSchema),
  remove: forOperator
    .route({ method: 'DELETE', path: '/skills/{skill}', summary: 'Remove a skill that was added' })
    .input(z.strictObject(skill))
    .output(z.strictObject({ name: z.string() })),
};

const job = { job: idSchema('job') };

/** Commands of agents that outlive the call that gave them. */
export const jobsContract = {
  list: forClients
    .route({ method: 'GET', path: '/jobs', summary: 'Jobs, the newest first, without what they said' })
    .input(z.strictObject({ session: idSchema('session').optional() }))
    .output(z.array(jobSchema)),
  get: forClients
    .route({ method: 'GET', path: '/jobs/{job}', summary: 'One job, with what it said' })
    .input(z.strictObject(job))
    .output(jobSchema),
  cancel: forOperator
    .route({
      method: 'POST',
      path: '/jobs/{job}/cancel',
      summary: 'End a job and everything that it started',
    })
    .input(z.strictObject(job))
    .output(jobSchema),
  watch: forClients
    .route({
      method: 'GET',
      path: '/jobs/{job}/watch',
      summary: 'A job as it is, and again when it says something or ends',
    })
    .input(z.strictObject(job))
    .output(eventIterator(jobSchema)),
};
