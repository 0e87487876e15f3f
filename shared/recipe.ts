import { z } from 'zod';
import { parametersSchema, planSchema, subtaskSchema } from './plan.ts';
import { folderModeSchema, sandboxKindSchema } from './session.ts';

export const recipeNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,63}$/, 'small letters, digits, dash and underscore, starting with a letter');

/** A part of a recipe's plan: `for_each` makes one of it per element of a list parameter, named in it `{item}`. */
export const recipeSubtaskSchema = subtaskSchema.extend({
  for_each: z.string().min(1).max(64).optional().describe('A parameter of type string_list'),
});
export type RecipeSubtask = z.infer<typeof recipeSubtaskSchema>;

/** A saved plan with parameters, as its file is written. Nobody plans it: it needs a model only where a role does. */
export const recipeFileSchema = z.strictObject({
  name: recipeNameSchema,
  title: z.string().trim().min(1).max(100),
  description: z.string().max(2000).default(''),
  parameters: parametersSchema.default({}),
  needs: z
    .strictObject({
      folders: z
        .array(
          z.strictObject({
            parameter: z
              .string()
              .min(1)
              .max(64)
              .describe('A parameter of type path: the folder that is granted'),
            mode: folderModeSchema,
          }),
        )
        .max(20)
        .default([]),
      hosts: z
        .array(z.string().min(1).max(500))
        .max(100)
        .default([])
        .describe('Hosts, or `{name}` of a parameter whose addresses or hosts they are'),
      sandbox: sandboxKindSchema.nullable().default(null),
      image: z.string().min(1).max(500).nullable().default(null).describe('May be `{name}` of a parameter'),
    })
    .prefault({})
    .describe('What it asks for when it is launched: shown, and granted by the person who launches it'),
  seconds: z
    .int()
    .min(1)
    .max(30 * 86_400)
    .nullable()
    .default(null)
    .describe('For the whole run'),
  plan: planSchema.extend({ subtasks: z.array(recipeSubtaskSchema).min(1).max(10_000) }),
});
export type RecipeFile = z.infer<typeof recipeFileSchema>;
