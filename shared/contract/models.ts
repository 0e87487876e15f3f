import { z } from 'zod';
import { modelRefSchema } from '../conversation.ts';
import { secretNameSchema } from './house.ts';
import { forClients, forOperator } from './procedure.ts';

const provider = z.string().min(1).max(64);

export const listedModelSchema = z.strictObject({
  ref: modelRefSchema,
  contextTokens: z.int(),
  outputTokens: z.int(),
  images: z.boolean(),
  price: z
    .strictObject({ input: z.number(), output: z.number() })
    .nullable()
    .describe('dollars per million tokens; null: nobody knows'),
});

export const providerSchema = z.strictObject({
  name: provider,
  title: z.string(),
  wire: z.enum(['messages', 'chat']),
  baseUrl: z.string(),
  secret: z.string().nullable().describe('the name its key is kept under; null: it wants none'),
  keyed: z.boolean().describe('whether that secret is there'),
  local: z.boolean().describe('on this machine'),
  configured: z.boolean().describe('whether a person set it up'),
  usable: z.boolean(),
  models: z.array(listedModelSchema).describe('those that the file of models lists'),
});
export type ModelProvider = z.infer<typeof providerSchema>;

export const modelStateSchema = z.strictObject({
  default: modelRefSchema.nullable().describe('of agents that name none'),
  asOf: z.string().nullable().describe('the date of the prices'),
  file: z.string().describe('where a file of your own may lie'),
  problems: z.array(z.string()).describe('what is wrong in that file'),
  providers: z.array(providerSchema),
});
export type ModelState = z.infer<typeof modelStateSchema>;

export const foundModelsSchema = z.strictObject({
  keys: z.array(z.strictObject({ provider, variable: z.string(), stored: z.boolean() })),
  servers: z.array(z.strictObject({ provider, baseUrl: z.string(), models: z.array(z.string()) })),
});
export type FoundModels = z.infer<typeof foundModelsSchema>;

export const providerTrialSchema = z.strictObject({
  provider,
  ok: z.boolean(),
  models: z.array(z.string()).describe('those it says it has'),
  problem: z.strictObject({ message: z.string(), mend: z.string().nullable() }).nullable(),
});
export type ProviderTrial = z.infer<typeof providerTrialSchema>;

/** Who serves models, which there are, and what they cost. */
export const modelsContract = {
  list: forClients
    .route({ method: 'GET', path: '/models', summary: 'Providers and models that are known, with prices' })
    .output(modelStateSchema),
  find: forOperator
    .route({
      method: 'POST',
      path: '/models/find',
      summary: 'Look for keys in the environment and for servers on this machine; nothing is taken',
    })
    .output(foundModelsSchema),
  configure: forOperator
    .route({ method: 'PUT', path: '/models/providers/{provider}', summary: 'Set up a provider' })
    .input(
      z.strictObject({
        provider,
        wire: z.enum(['messages', 'chat']).optional(),
        baseUrl: z.string().max(1000).optional(),
        key: z
          .string()
          .min(1)
          .max(65_536)
          .optional()
          .describe('kept as a secret; from then on it is known by its name alone'),
        keyFromEnvironment: z
          .boolean()
          .default(false)
          .describe('take the key that was found in the environment of Holdfast'),
        secret: secretNameSchema
          .nullable()
          .optional()
          .describe('the name of the secret; null: it wants no key'),
        model: z.string().min(1).max(200).optional().describe('becomes the default model'),
      }),
    )
    .output(modelStateSchema),
  remove: forOperator
    .route({ method: 'DELETE', path: '/models/providers/{provider}', summary: 'Take a provider out again' })
    .input(z.strictObject({ provider }))
    .output(modelStateSchema),
  try: forOperator
    .route({
      method: 'POST',
      path: '/models/providers/{provider}/try',
      summary: 'Test the connection: ask a provider for its models',
    })
    .input(z.strictObject({ provider }))
    .output(providerTrialSchema),
};
