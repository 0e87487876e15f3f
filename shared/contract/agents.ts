import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { agentNameSchema, agentSchema } from '../agent.ts';
import { agentdImportSchema } from '../agentd-import.ts';
import { presetNameSchema, segmentSchema } from '../command-agent.ts';
import { checkedMethodologySchema, recognisedSchema } from '../methodology.ts';
import { presetLookSchema } from '../preset.ts';
import {
  imageMakingSchema,
  imagePruningSchema,
  keptImageSchema,
  packageVersionSchema,
  presetImageSchema,
} from '../preset-image.ts';
import { workInputSchema } from '../work.ts';
import { forClients, forOperator } from './procedure.ts';

const text = z.string().max(262_144);
const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** What is wrong with an agent's file, and where. Lines and columns count from 1. */
export const declarationProblemSchema = z.strictObject({
  line: z.int().min(1),
  column: z.int().min(1),
  field: z.string().describe('empty where it is the file as a whole'),
  message: z.string(),
});
export type DeclarationProblem = z.infer<typeof declarationProblemSchema>;

/** What a text says: an agent, or what keeps it from being one. */
export const checkedDeclarationSchema = z.strictObject({
  problems: z.array(declarationProblemSchema),
  agent: agentSchema.nullable().describe('null where there are problems'),
  rights: z.array(z.string()).describe('what it may do, in words'),
});
export type CheckedDeclaration = z.infer<typeof checkedDeclarationSchema>;

export const agentEntrySchema = checkedDeclarationSchema.extend({
  name: z.string().describe('what the file says, or the file’s own name where it says nothing'),
  origin: z.enum(['bundled', 'yours']),
  file: z.string(),
  hides: z.boolean().describe('whether it stands in the place of a bundled agent of the same name'),
});
export type AgentEntry = z.infer<typeof agentEntrySchema>;

const folder = z.string().min(1).max(4096).describe('absolute, of this machine');
const methodology = folder.nullable().describe('Its folder; null: none');

const named = { name: z.string().min(1).max(64) };

/** Agents, as their files declare them. */
export const agentsContract = {
  list: forClients
    .route({ method: 'GET', path: '/agents', summary: 'Every agent, those whose file is broken included' })
    .output(z.array(agentEntrySchema)),
  get: forClients
    .route({ method: 'GET', path: '/agents/{name}', summary: 'One agent with its file’s text' })
    .input(z.strictObject(named))
    .output(agentEntrySchema.extend({ text, hash })),
  watch: forClients
    .route({
      method: 'GET',
      path: '/agents/watch',
      summary: 'Every agent, and all again whenever a file changes',
    })
    .output(eventIterator(z.array(agentEntrySchema))),
  validate: forClients
    .route({
      method: 'POST',
      path: '/agents/validate',
      summary: 'Say what a text declares, and what is wrong with it',
    })
    .input(z.strictObject({ text }))
    .output(checkedDeclarationSchema),
  compose: forClients
    .route({
      method: 'POST',
      path: '/agents/compose',
      summary: 'Change fields in a text; comments and order stay',
    })
    .input(
      z.strictObject({
        text,
        set: z
          .record(z.string().max(200), z.json())
          .describe('Field, with dots for fields within fields → value; null takes it out'),
      }),
    )
    .output(checkedDeclarationSchema.extend({ text })),
  save: forOperator
    .route({ method: 'PUT', path: '/agents/{name}', summary: 'Write an agent’s file' })
    .input(
      z.strictObject({
        name: agentNameSchema,
        text,
        before: hash.nullable().describe('Hash of the text that was changed; null: there is no file yet'),
      }),
    )
    .output(agentEntrySchema),
  remove: forOperator
    .route({ method: 'DELETE', path: '/agents/{name}', summary: 'Remove an agent’s file' })
    .input(z.strictObject({ ...named, before: hash }))
    .output(z.strictObject({ name: z.string() })),
  schema: forClients
    .route({ method: 'GET', path: '/agents/schema', summary: 'The JSON Schema of agents’ files' })
    .output(z.record(z.string(), z.json())),
  presets: forOperator
    .route({
      method: 'GET',
      path: '/agents/presets',
      summary: 'Command-line agents that are known, as they are on this machine; none of them is run',
    })
    .output(z.array(presetLookSchema)),
  image: forOperator
    .route({
      method: 'GET',
      path: '/agents/presets/{preset}/image',
      summary: 'The newest image that was made with the program of a preset in it',
    })
    .input(z.strictObject({ preset: presetNameSchema }))
    .output(presetImageSchema.nullable().describe('null: the engine has none')),
  makeImage: forOperator
    .route({
      method: 'POST',
      path: '/agents/presets/{preset}/image',
      summary: 'Make an image with the program of a preset in it, and say meanwhile how far it is',
    })
    .input(
      z.strictObject({
        preset: presetNameSchema,
        version: packageVersionSchema.nullable().default(null).describe('null: the newest'),
        over: z
          .string()
          .min(1)
          .max(500)
          .nullable()
          .default(null)
          .describe(
            'The image that it is laid over, with node and npm in it; null: this machine’s own system',
          ),
      }),
    )
    .output(eventIterator(imageMakingSchema)),
  images: forOperator
    .route({
      method: 'GET',
      path: '/agents/images',
      summary: 'The images with known agents in them that were made here, the newest of each first',
    })
    .input(z.strictObject({ preset: presetNameSchema.nullable().default(null) }).prefault({}))
    .output(z.array(keptImageSchema)),
  pruneImages: forOperator
    .route({
      method: 'POST',
      path: '/agents/images/prune',
      summary: 'Remove images that are older than the newest of their preset and used by nothing',
    })
    .input(
      z.strictObject({
        preset: presetNameSchema.nullable().default(null).describe('null: of each'),
        dryRun: z.boolean().default(false),
      }),
    )
    .output(imagePruningSchema),
  importAgentd: forOperator
    .route({
      method: 'POST',
      path: '/agents/import-agentd',
      summary: 'Make agents out of a file of agentd; nothing is written where anything in it is wrong',
    })
    .input(
      z.strictObject({
        text,
        folder: folder.describe('Where the file lies'),
        replace: z.boolean().default(false),
        dryRun: z.boolean().default(false),
      }),
    )
    .output(agentdImportSchema),
  methodology: forOperator
    .route({
      method: 'POST',
      path: '/agents/methodology',
      summary: 'Read a methodology’s folder, and say everything that is wrong with it',
    })
    .input(z.strictObject({ folder }))
    .output(checkedMethodologySchema),
  checkInput: forOperator
    .route({
      method: 'POST',
      path: '/agents/check-input',
      summary: 'Say whether something can be handed to a command agent, and what a file’s text is',
    })
    .input(
      z.strictObject({
        methodology,
        what: z.discriminatedUnion('kind', [
          z.strictObject({ kind: z.literal('input'), input: workInputSchema }),
          z.strictObject({
            kind: z.literal('text'),
            text: z.string().max(1_000_000),
            type: segmentSchema.nullable().default(null).describe('null: to be recognised'),
          }),
        ]),
      }),
    )
    .output(
      z.strictObject({
        types: z.array(z.string()).describe('that the methodology declares'),
        refused: z
          .strictObject({ message: z.string(), mend: z.string().nullable() })
          .nullable()
          .describe('why it cannot be handed in; null: it can'),
        words: z.string().describe('what it is, in one line'),
        recognised: recognisedSchema.nullable().describe('of a text'),
      }),
    ),
};
