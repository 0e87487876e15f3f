import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { mcpRightsSchema } from '../mcp.ts';
import { settingKeys, settingsSchema } from '../settings.ts';
import { tokenBudgetSchema } from '../token-budget.ts';
import { callerKinds, forAnyone, forClients, forOperator } from './procedure.ts';
import { progressSchema, recordStateSchema } from './record.ts';

/** One thing Holdfast looked for on this machine. */
export const findingOfMachineSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  state: z.enum(['ok', 'warning', 'missing']),
  detail: z.string(),
  mend: z.string().optional(),
  part: z
    .enum(['namespace', 'container'])
    .optional()
    .describe('One way of containing needs it; without this field Holdfast itself does'),
});
export type MachineFinding = z.infer<typeof findingOfMachineSchema>;

export const statusSchema = z.strictObject({
  version: z.string(),
  surface: z.enum(['desktop', 'daemon']),
  pid: z.int(),
  started: z.iso.datetime(),
  data: z.string().describe('The data folder'),
  socket: z.string().nullable(),
  address: z.string().nullable().describe('http://127.0.0.1:PORT of the loopback listener'),
  draining: z.boolean(),
  followers: z.int().min(0),
  record: recordStateSchema,
  machine: z.array(findingOfMachineSchema),
});
export type Status = z.infer<typeof statusSchema>;

export const houseContract = {
  health: forAnyone
    .route({ method: 'GET', path: '/health', summary: 'Is it there' })
    .output(z.strictObject({ ok: z.literal(true), version: z.string() })),
  status: forClients
    .route({ method: 'GET', path: '/status', summary: 'State of this machine' })
    .output(statusSchema),
  watch: forClients
    .route({ method: 'GET', path: '/status/watch', summary: 'The state, and again whenever it changes' })
    .output(eventIterator(statusSchema)),
  doctor: forOperator
    .route({
      method: 'POST',
      path: '/doctor',
      summary: 'Look at this machine again; with rebuild, derive every row anew and compare',
    })
    .input(z.strictObject({ rebuild: z.boolean().default(false) }))
    .output(
      z.strictObject({
        machine: z.array(findingOfMachineSchema),
        rebuilt: z
          .strictObject({
            tables: z.array(z.strictObject({ name: z.string(), rows: z.int(), differences: z.int() })),
            differences: z.int(),
          })
          .nullable(),
      }),
    ),
  stop: forOperator
    .route({ method: 'POST', path: '/stop', summary: 'Drain and stop' })
    .output(z.strictObject({ stopping: z.literal(true) })),
  backup: forOperator
    .route({
      method: 'POST',
      path: '/backups',
      summary: 'Write a consistent copy of the record to a file that does not exist yet',
    })
    .input(z.strictObject({ path: z.string().min(1).max(4096) }))
    .output(
      eventIterator(
        z.strictObject({
          progress: progressSchema.optional(),
          result: z.strictObject({ path: z.string(), bytes: z.int(), size: z.int() }).optional(),
        }),
      ),
    ),
};

export const tokenSchema = z.strictObject({
  id: idSchema('token'),
  name: z.string(),
  caller: z.enum(callerKinds),
  procedures: z.array(z.string()).nullable(),
  budget: tokenBudgetSchema.nullable(),
  mcp: mcpRightsSchema.nullable().describe('what it may do by MCP; null: nothing'),
  created: z.iso.datetime(),
  expires: z.iso.datetime().nullable(),
  revoked: z.iso.datetime().nullable(),
});
export type Token = z.infer<typeof tokenSchema>;

/** What a new token is to be. */
export const tokenWishSchema = z.strictObject({
  name: z.string().trim().min(1).max(80),
  caller: z.enum(['operator', 'client']).default('client'),
  procedures: z
    .array(z.string().max(100))
    .max(200)
    .nullable()
    .default(null)
    .describe(
      'Names such as record.query; models.pass: ask models below /models; null: all this kind of caller may call',
    ),
  budget: tokenBudgetSchema.nullable().default(null),
  mcp: mcpRightsSchema
    .nullable()
    .default(null)
    .describe('what it may do by MCP; one that has this calls no procedures but those it names'),
  expires: z.iso.datetime().nullable().default(null),
});

export const accessContract = {
  list: forOperator
    .route({ method: 'GET', path: '/tokens', summary: 'Tokens, without their values' })
    .output(z.array(tokenSchema)),
  create: forOperator
    .route({ method: 'POST', path: '/tokens', summary: 'Make a token; its value is told once' })
    .input(tokenWishSchema)
    .output(z.strictObject({ token: tokenSchema, value: z.string() })),
  revoke: forOperator
    .route({
      method: 'POST',
      path: '/tokens/{token}/revoke',
      summary: 'Revoke a token; live connections that used it end',
    })
    .input(z.strictObject({ token: z.string().min(1).max(40).describe('Id, or a unique beginning of it') }))
    .output(tokenSchema),
  ticket: forOperator
    .route({
      method: 'POST',
      path: '/tickets',
      summary: 'A single-use link for a browser, good for 60 seconds',
    })
    .output(z.strictObject({ url: z.string(), expires: z.iso.datetime() })),
  admit: forAnyone
    .route({ method: 'POST', path: '/tickets/exchange', summary: 'Exchange a ticket for a token' })
    .input(z.strictObject({ ticket: z.string().min(1).max(200) }))
    .output(z.strictObject({ token: z.string(), expires: z.iso.datetime().nullable() })),
};

export const secretNameSchema = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_.-]{0,79}$/,
    'letters, digits, dot, dash and underscore, starting with a letter',
  );

export const secretsContract = {
  list: forOperator
    .route({ method: 'GET', path: '/secrets', summary: 'Names of secrets, never their values' })
    .output(
      z.strictObject({
        kept: z.string().describe('How they are kept, in words'),
        warning: z.string().nullable(),
        secrets: z.array(z.strictObject({ name: z.string(), changed: z.iso.datetime() })),
      }),
    ),
  set: forOperator
    .route({ method: 'PUT', path: '/secrets/{name}', summary: 'Store a secret' })
    .input(z.strictObject({ name: secretNameSchema, value: z.string().min(1).max(65_536) }))
    .output(z.strictObject({ name: z.string() })),
  remove: forOperator
    .route({ method: 'DELETE', path: '/secrets/{name}', summary: 'Remove a secret' })
    .input(z.strictObject({ name: secretNameSchema }))
    .output(z.strictObject({ name: z.string() })),
};

export const settingsContract = {
  get: forOperator
    .route({ method: 'GET', path: '/settings', summary: 'All settings' })
    .output(settingsSchema),
  set: forOperator
    .route({ method: 'PUT', path: '/settings/{key}', summary: 'Change one setting' })
    .input(z.strictObject({ key: z.enum(settingKeys), value: z.json() }))
    .output(settingsSchema),
};
