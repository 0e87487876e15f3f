import { z } from 'zod';
import { hostPatternSchema } from './capability/host-pattern.ts';
import { idSchema } from './ids.ts';
import { sessionWorkSchema } from './session-work.ts';

/** Where a session's effects happen. Events of tools know `none` as well, for trusted built-in ones. */
export const sandboxKinds = ['namespace', 'container'] as const;
export const sandboxKindSchema = z.enum(sandboxKinds);
export type SandboxKind = z.infer<typeof sandboxKindSchema>;

/** `review`: the sandbox works on a copy or overlay; the person decides afterwards what is applied. */
export const folderModeSchema = z.enum(['ro', 'rw', 'review']);
export type FolderMode = z.infer<typeof folderModeSchema>;

const absolutePath = z
  .string()
  .min(1)
  .max(4096)
  .refine((path) => path.startsWith('/') && !path.includes('\0'), 'must be an absolute path');

export const folderWishSchema = z.strictObject({ path: absolutePath, mode: folderModeSchema });
export type FolderWish = z.infer<typeof folderWishSchema>;

const megabyte = 1 << 20;

/** `null` sets no limit of its own. Every total holds for the whole session, not for one process. */
export const sandboxLimitsSchema = z.strictObject({
  memoryBytes: z
    .int()
    .min(16 * megabyte)
    .nullable()
    .default(null),
  /** What it may write in its own scratch and in folders under review. */
  diskBytes: z.int().min(megabyte).nullable().default(null),
  processes: z.int().min(4).max(100_000).default(512),
  cpus: z.number().min(0.05).max(1024).nullable().default(null),
  /** Its temporary space. */
  scratchBytes: z
    .int()
    .min(megabyte)
    .default(1024 * megabyte),
  seconds: z
    .int()
    .min(1)
    .max(30 * 86_400)
    .nullable()
    .default(null)
    .describe('Time for the whole session'),
  supervised: z
    .boolean()
    .default(false)
    .describe('Where the kernel cannot hold a total here: let a watchdog end the session at the cap'),
});
export type SandboxLimits = z.infer<typeof sandboxLimitsSchema>;

/** One thing that holds a sandbox in, and by what. */
export const sandboxLayerSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  holds: z.enum(['kernel', 'engine', 'watchdog', 'no']),
  detail: z.string(),
});
export type SandboxLayer = z.infer<typeof sandboxLayerSchema>;

export const terminalSizeSchema = z.strictObject({
  columns: z.int().min(1).max(1000),
  rows: z.int().min(1).max(1000),
});

/** What a person asks for: a command or a terminal, contained. */
export const sessionWishSchema = z.strictObject({
  argv: z.array(z.string().max(65_536)).min(1).max(1000).describe('The program and its arguments; no shell'),
  sandbox: sandboxKindSchema.default('namespace'),
  folders: z.array(folderWishSchema).max(50).default([]),
  cwd: absolutePath.nullable().default(null).describe('null: the first folder, or the sandbox’s own home'),
  hosts: z
    .array(hostPatternSchema)
    .max(500)
    .default([])
    .describe('Which it may connect to; none: no network'),
  loopback: z.boolean().default(false).describe('TCP on its own loopback'),
  unixSockets: z.boolean().default(false).describe('AF_UNIX sockets of its own'),
  image: z.string().min(1).max(500).nullable().default(null),
  terminal: terminalSizeSchema.nullable().default(null).describe('null: pipes'),
  attended: z
    .boolean()
    .default(false)
    .describe(
      'Whoever starts it attaches at once: on pipes it gets input, and waits with its output for that viewer',
    ),
  environment: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string().max(65_536)).default({}),
  secrets: z
    .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,79}$/), z.string().min(1).max(80))
    .default({})
    .describe('File name below /run/secrets → name of the stored secret'),
  limits: sandboxLimitsSchema.prefault({}),
});
export type SessionWish = z.infer<typeof sessionWishSchema>;

const outcomeLabels = [
  'success',
  'generic_failure',
  'usage_error',
  'blocked',
  'nothing_ready',
  'work_failed',
  'infrastructure_failure',
  'budget_exhausted',
  'timed_out',
  'command_not_executable',
  'command_not_found',
  'terminated_by_signal',
  'cancelled',
] as const;

/** The one outcome of a session. */
export const outcomeSchema = z.strictObject({
  label: z.enum(outcomeLabels),
  /** What the command line exits with: the program's own code where it had one, 128 + n for signal n. */
  code: z.int().min(0).max(255),
  signal: z.int().min(1).max(64).nullable(),
  reason: z.string().max(2000).nullable(),
});
export type Outcome = z.infer<typeof outcomeSchema>;

const sessionStates = ['preparing', 'running', 'stopping', 'reviewing', 'ended'] as const;

/** What became of the changes of folders under review. */
export const reviewStateSchema = z.enum(['none', 'waiting', 'applied', 'partly_applied', 'discarded']);

export const sessionSchema = z.strictObject({
  id: idSchema('session'),
  state: z.enum(sessionStates).describe('reviewing: it has ended, and its changes wait for a decision'),
  argv: z.array(z.string()),
  sandbox: sandboxKindSchema,
  image: z.string().nullable(),
  folders: z.array(folderWishSchema),
  hosts: z.array(z.string()).describe('as capabilities write them'),
  terminal: z.boolean(),
  limits: sandboxLimitsSchema,
  layers: z.array(sandboxLayerSchema).describe('what holds it in; empty until it has started'),
  rights: z.array(z.string()).describe('its capabilities, as they are written'),
  started: z.iso.datetime(),
  ended: z.iso.datetime().nullable(),
  outcome: outcomeSchema.nullable(),
  review: reviewStateSchema,
  viewers: z.int().min(0),
  progress: z
    .string()
    .nullable()
    .describe('what it waits for while it is being prepared; null: nothing that takes its time'),
  work: sessionWorkSchema
    .nullable()
    .describe('of a command agent on a fresh clone; null: a person’s own command'),
});
export type Session = z.infer<typeof sessionSchema>;
