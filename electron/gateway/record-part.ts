import type { AuditRecord } from '../audit/record.ts';
import type { Activity } from './activity.ts';
import { type Builder, by } from './parts.ts';

export interface RecordPartNeeds {
  readonly record: AuditRecord;
  readonly activity: Activity;
  /** Called when a follower came or went. */
  readonly followersChanged: () => void;
}

const base64 = (content: Uint8Array) =>
  Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('base64');

/** A call that is not bound to a connection cannot be cut short. */
const never = new AbortController().signal;

export function recordPart(
  { record: build }: Builder,
  { record, activity, followersChanged }: RecordPartNeeds,
) {
  return {
    state: build.state.handler(() => record.state()),
    query: build.query.handler(({ input }) => record.query(input)),
    get: build.get.handler(({ input }) => record.get(input.event)),
    blob: build.blob.handler(async ({ input }) => {
      const { content, ...blob } = await record.blob(input.seq, input.index, input.offset);
      return { ...blob, base64: base64(content) };
    }),
    follow: build.follow.handler(async function* ({ input, signal }) {
      const until = activity.following(signal);
      const batches = record.follow(input, until);
      try {
        followersChanged();
        yield* batches;
      } finally {
        followersChanged();
      }
    }),
    note: build.note.handler(({ input, context }) =>
      record.append({ kind: 'record.noted', actor: by(context), data: { text: input.text } }),
    ),
    checkpoint: build.checkpoint.handler(() => record.checkpoint()),
    verify: build.verify.handler(({ input, context, signal }) =>
      record.verify({ ...input, by: by(context) }, signal ?? never),
    ),
    exportPreview: build.exportPreview.handler(({ input }) => record.exportPreview(input)),
    export: build.export.handler(({ input, context, signal }) =>
      record.export({ ...input, by: by(context) }, signal ?? never),
    ),
    readExport: build.readExport.handler(async ({ input }) => {
      const { content, next } = await record.readExport(input.bundle, input.offset);
      return { base64: base64(content), next };
    }),
    erase: build.erase.handler(({ input, context }) =>
      record.erase(input.seq, input.reason, by(context), input.blobs),
    ),
    prune: build.prune.handler(({ input, context }) => record.prune({ ...input, by: by(context) })),
    rotateKey: build.rotateKey.handler(({ input, context }) => record.rotateKey(input.reason, by(context))),
  };
}
