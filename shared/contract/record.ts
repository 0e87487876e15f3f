import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { recordedEventSchema } from '../events/event.ts';
import { idSchema } from '../ids.ts';
import { forClients, forOperator } from './procedure.ts';

/** What to look for. All given parts must hold; an empty filter is everything. */
export const eventFilterSchema = z.strictObject({
  text: z
    .string()
    .max(500)
    .optional()
    .describe('Words, each of which must occur; a trailing * matches beginnings'),
  kinds: z.array(z.string().max(100)).max(100).optional().describe('Kinds, or families such as tool.*'),
  actor: z.string().max(200).optional().describe('An actor’s kind or id'),
  run: z.string().max(40).optional(),
  session: z.string().max(40).optional(),
  subtask: z.string().max(40).optional(),
  agent: z.string().max(200).optional(),
  since: z.iso.datetime().optional(),
  until: z.iso.datetime().optional(),
});
export type EventFilter = z.infer<typeof eventFilterSchema>;

export const eventPageSchema = z.strictObject({
  events: z.array(recordedEventSchema).describe('Newest first, or oldest first with `after`'),
  next: z.int().nullable().describe('Give it as `before` (or `after`) for the next page; null at the end'),
});
export type EventPage = z.infer<typeof eventPageSchema>;

export const checkpointSchema = z.strictObject({
  size: z.int().min(0),
  root: z.string().describe('base64'),
  time: z.iso.datetime(),
  note: z.string().describe('The signed note, C2SP tlog-checkpoint'),
});
export type Checkpoint = z.infer<typeof checkpointSchema>;

export const recordStateSchema = z.strictObject({
  log: z.string(),
  size: z.int().min(0).describe('Number of events; the next sequence number'),
  checkpoint: checkpointSchema.nullable(),
  key: z.string().describe('Verifier key of the present signing key'),
  fingerprint: z.string().describe('What `verify.mjs --key` compares with'),
  storage: z.enum(['ok', 'full', 'failing']),
});
export type RecordState = z.infer<typeof recordStateSchema>;

/** Where an event stands in the signed tree. */
export const proofSchema = z.strictObject({
  leaf: z.string().describe('hex'),
  path: z.array(z.string()).describe('sibling hashes from the leaf up, hex'),
  root: z.string().describe('hex'),
  size: z.int(),
  checkpoint: checkpointSchema.nullable().describe('null while no checkpoint covers the event yet'),
});
export type Proof = z.infer<typeof proofSchema>;

export const findingSchema = z.strictObject({
  what: z.enum([
    'event_changed',
    'event_missing',
    'event_inserted',
    'column_changed',
    'data_changed',
    'blob_changed',
    'blob_missing',
    'checkpoint_forged',
    'checkpoint_missing',
    'tail_cut',
    'tree_changed',
    'interval_changed',
    'key_unknown',
    'schema_changed',
    'unreadable',
  ]),
  from: z.int().min(0).describe('First sequence number concerned'),
  to: z.int().min(0).describe('Last sequence number concerned; equal to `from` where one event is named'),
  message: z.string(),
});
export type Finding = z.infer<typeof findingSchema>;

export const verificationSchema = z.strictObject({
  ok: z.boolean(),
  size: z.int().min(0),
  checkpoints: z.int().min(0),
  blobs: z.int().min(0),
  pruned: z.int().min(0),
  erased: z.int().min(0).describe('Events whose data are erased, and blobs that were erased alone'),
  unsigned: z.int().min(0).describe('Events behind the newest checkpoint'),
  comparedWith: z.array(z.string()).describe('Checkpoints kept outside the database that were compared'),
  findings: z.array(findingSchema).describe('The first hundred'),
  milliseconds: z.number(),
});
export type Verification = z.infer<typeof verificationSchema>;

export const progressSchema = z.strictObject({
  phase: z.string(),
  done: z.int().min(0),
  total: z.int().min(0),
});

const range = { from: z.int().min(0), to: z.int().min(0).describe('Inclusive') };

const onlyRun = idSchema('run').nullable().default(null);
const onlySession = idSchema('session').nullable().default(null);

/** What should not leave: whole kinds, single events' data, single blobs (by event and index). */
export const withholdSchema = z.strictObject({
  kinds: z.array(z.string()).max(200).default([]),
  events: z.array(z.int().min(0)).max(100_000).default([]),
  blobs: z
    .array(z.tuple([z.int().min(0), z.int().min(0)]))
    .max(100_000)
    .default([]),
  allData: z.boolean().default(false),
  allBlobs: z.boolean().default(false),
  onlyRun: onlyRun.describe('What events outside this run say is kept back'),
  onlySession: onlySession.describe('What events outside this session say is kept back'),
});
export type Withhold = z.infer<typeof withholdSchema>;

export const previewWishSchema = z.strictObject({ ...range, onlyRun, onlySession });
export type PreviewWish = z.infer<typeof previewWishSchema>;

export const exportPreviewSchema = z.strictObject({
  events: z.int(),
  kinds: z.array(
    z.strictObject({
      kind: z.string(),
      events: z.int(),
      dataBytes: z.int(),
      blobs: z.int(),
      blobBytes: z.int(),
      sample: z.string().describe('One such event in words'),
    }),
  ),
  bytes: z.int().describe('Of all payloads, before compression'),
});
export type ExportPreview = z.infer<typeof exportPreviewSchema>;

export const recordContract = {
  state: forClients
    .route({ method: 'GET', path: '/record', summary: 'State of the record' })
    .output(recordStateSchema),
  query: forClients
    .route({ method: 'POST', path: '/record/query', summary: 'Find events' })
    .input(
      z.strictObject({
        filter: eventFilterSchema.default({}),
        before: z.int().min(0).optional().describe('Only events with smaller sequence numbers'),
        after: z.int().min(-1).optional().describe('Only events with larger ones; turns the order'),
        limit: z.int().min(1).max(500).default(100),
      }),
    )
    .output(eventPageSchema),
  get: forClients
    .route({ method: 'GET', path: '/record/events/{event}', summary: 'One event and its proof' })
    .input(
      z.strictObject({
        event: z.string().max(40).describe('Sequence number, id, or unique beginning of an id'),
      }),
    )
    .output(z.strictObject({ event: recordedEventSchema, header: z.string(), proof: proofSchema })),
  blob: forClients
    .route({
      method: 'GET',
      path: '/record/events/{seq}/blobs/{index}',
      summary: 'What an event carries, in pieces',
    })
    .input(
      z.strictObject({
        seq: z.coerce.number().int().min(0),
        index: z.coerce.number().int().min(0),
        offset: z.coerce.number().int().min(0).default(0),
      }),
    )
    .output(
      z.strictObject({
        name: z.string(),
        type: z.string(),
        size: z.int(),
        base64: z.string(),
        next: z.int().nullable(),
      }),
    ),
  follow: forClients
    .route({
      method: 'GET',
      path: '/record/follow',
      summary: 'Events as they arrive, from a sequence number on',
    })
    .input(
      z.strictObject({
        from: z.coerce.number().int().min(0).optional().describe('Default: from now on'),
        filter: eventFilterSchema.default({}),
      }),
    )
    .output(
      eventIterator(
        z.strictObject({
          events: z.array(recordedEventSchema),
          next: z.int().describe('Continue from here'),
        }),
      ),
    ),
  note: forOperator
    .route({ method: 'POST', path: '/record/notes', summary: 'Put a remark on the record' })
    .input(z.strictObject({ text: z.string().min(1).max(10_000) }))
    .output(recordedEventSchema),
  checkpoint: forOperator
    .route({ method: 'POST', path: '/record/checkpoints', summary: 'Sign a checkpoint now' })
    .output(checkpointSchema),
  verify: forOperator
    .route({ method: 'POST', path: '/record/verify', summary: 'Verify the whole record' })
    .input(
      z.strictObject({
        threads: z.int().min(1).max(16).optional(),
        against: z
          .array(z.string().max(10_000))
          .max(10)
          .default([])
          .describe('Signed notes kept elsewhere, to compare with'),
      }),
    )
    .output(
      eventIterator(
        z.strictObject({ progress: progressSchema.optional(), result: verificationSchema.optional() }),
      ),
    ),
  exportPreview: forOperator
    .route({ method: 'POST', path: '/record/exports/preview', summary: 'What a bundle would carry' })
    .input(previewWishSchema)
    .output(exportPreviewSchema),
  export: forOperator
    .route({ method: 'POST', path: '/record/exports', summary: 'Make a bundle' })
    .input(z.strictObject({ ...range, withhold: withholdSchema.prefault({}) }))
    .output(
      eventIterator(
        z.strictObject({
          progress: progressSchema.optional(),
          result: z
            .strictObject({
              bundle: idSchema('bundle'),
              name: z.string(),
              bytes: z.int(),
              sha256: z.string(),
              events: z.int(),
              withheld: z.int(),
            })
            .optional(),
        }),
      ),
    ),
  readExport: forOperator
    .route({ method: 'GET', path: '/record/exports/{bundle}', summary: 'Read a bundle in pieces' })
    .input(z.strictObject({ bundle: idSchema('bundle'), offset: z.coerce.number().int().min(0) }))
    .output(z.strictObject({ base64: z.string(), next: z.int().nullable() })),
  erase: forOperator
    .route({
      method: 'POST',
      path: '/record/events/{seq}/erase',
      summary: 'Erase what one event carries, for good',
    })
    .input(
      z.strictObject({
        seq: z.coerce.number().int().min(0),
        reason: z.string().min(1).max(500),
        blobs: z
          .array(z.int().min(0).max(63))
          .min(1)
          .max(64)
          .optional()
          .describe('Only the blobs at these places; the event’s data stay'),
      }),
    )
    .output(recordedEventSchema),
  prune: forOperator
    .route({ method: 'POST', path: '/record/prune', summary: 'Prune blobs by the policy of the settings' })
    .input(z.strictObject({ dryRun: z.boolean().default(false) }))
    .output(
      z.strictObject({
        count: z.int(),
        bytes: z.int(),
        left: z
          .strictObject({ count: z.int(), bytes: z.int() })
          .describe('What the settings no longer keep, and sessions that have not ended need still'),
      }),
    ),
  rotateKey: forOperator
    .route({ method: 'POST', path: '/record/key', summary: 'Change the signing key' })
    .input(z.strictObject({ reason: z.string().min(1).max(500) }))
    .output(z.strictObject({ key: z.string(), fingerprint: z.string() })),
};
