import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { agentNameSchema } from '../agent.ts';
import { paramsSchema, planSchema } from '../plan.ts';
import { recipeFileSchema, recipeNameSchema } from '../recipe.ts';
import { roleSchema } from '../role.ts';
import { ceilingSchema } from '../run.ts';
import { declarationProblemSchema } from './agents.ts';
import { forClients, forOperator } from './procedure.ts';

const text = z.string().max(262_144);
const entry = {
  origin: z.enum(['bundled', 'yours']),
  file: z.string(),
  hides: z.boolean().describe('whether it stands in the place of a bundled one of the same name'),
  problems: z.array(declarationProblemSchema).describe('all of them; where there are any, it cannot be used'),
};

export const roleEntrySchema = z.strictObject({
  name: z.string().describe('what the file says, or the file’s own name where it says nothing'),
  ...entry,
  role: roleSchema.nullable(),
  needsModel: z.boolean(),
});
export type RoleEntry = z.infer<typeof roleEntrySchema>;

export const recipeEntrySchema = z.strictObject({
  name: z.string(),
  ...entry,
  recipe: recipeFileSchema.nullable(),
  needsModel: z.boolean().describe('whether one of its roles does'),
});
export type RecipeEntry = z.infer<typeof recipeEntrySchema>;

const checked = z.strictObject({ problems: z.array(declarationProblemSchema) });

/** Templates of agents with parameters, which plans are made of. */
export const rolesContract = {
  list: forClients
    .route({ method: 'GET', path: '/roles', summary: 'Every role, those whose file is broken included' })
    .output(z.array(roleEntrySchema)),
  get: forClients
    .route({ method: 'GET', path: '/roles/{name}', summary: 'One role with its file’s text' })
    .input(z.strictObject({ name: agentNameSchema }))
    .output(roleEntrySchema.extend({ text })),
  validate: forClients
    .route({ method: 'POST', path: '/roles/validate', summary: 'Say what is wrong with a role’s text' })
    .input(z.strictObject({ text }))
    .output(checked.extend({ role: roleSchema.nullable() })),
};

/** Saved plans with parameters. */
export const recipesContract = {
  list: forClients
    .route({ method: 'GET', path: '/recipes', summary: 'Every recipe, those whose file is broken included' })
    .output(z.array(recipeEntrySchema)),
  watch: forClients
    .route({
      method: 'GET',
      path: '/recipes/watch',
      summary: 'Every recipe, and all again when a file changes',
    })
    .output(eventIterator(z.array(recipeEntrySchema))),
  get: forClients
    .route({ method: 'GET', path: '/recipes/{name}', summary: 'One recipe with its file’s text' })
    .input(z.strictObject({ name: recipeNameSchema }))
    .output(recipeEntrySchema.extend({ text })),
  validate: forClients
    .route({ method: 'POST', path: '/recipes/validate', summary: 'Say what is wrong with a recipe’s text' })
    .input(z.strictObject({ text }))
    .output(checked.extend({ recipe: recipeFileSchema.nullable() })),
  fill: forClients
    .route({
      method: 'POST',
      path: '/recipes/{name}/fill',
      summary: 'What a recipe becomes with these values: its plan, and what it asks to be allowed',
    })
    .input(z.strictObject({ name: recipeNameSchema, params: paramsSchema.default({}) }))
    .output(
      z.strictObject({
        problems: z.array(z.strictObject({ parameter: z.string().nullable(), message: z.string() })),
        plan: planSchema.nullable(),
        asks: ceilingSchema
          .pick({ folders: true, hosts: true, sandbox: true, image: true, seconds: true })
          .nullable(),
      }),
    ),
  save: forOperator
    .route({ method: 'PUT', path: '/recipes/{name}', summary: 'Write a recipe’s file' })
    .input(z.strictObject({ name: recipeNameSchema, text, replace: z.boolean().default(false) }))
    .output(recipeEntrySchema),
  remove: forOperator
    .route({ method: 'DELETE', path: '/recipes/{name}', summary: 'Remove a recipe of yours' })
    .input(z.strictObject({ name: recipeNameSchema }))
    .output(z.null()),
};
