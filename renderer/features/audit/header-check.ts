import { headerSchema, type RecordedEvent } from '../../../shared/events/event.ts';

/** Whether the event as it is shown says what its signed header says. The payloads have hashes of their own. */
export function saysTheSame(header: string, event: RecordedEvent): boolean {
  const parsed = headerSchema.safeParse(parseJson(header));
  if (!parsed.success) return false;
  const signed = parsed.data;
  return (
    signed.seq === event.seq &&
    signed.id === event.id &&
    signed.time === event.time &&
    signed.kind === event.kind &&
    signed.parent === event.parent &&
    signed.actor.kind === event.actor.kind &&
    signed.actor.id === event.actor.id &&
    (['agent', 'run', 'session', 'subtask'] as const).every(
      (part) => signed.scope?.[part] === event.scope[part],
    ) &&
    (signed.blobs ?? []).length === event.blobs.length &&
    (signed.blobs ?? []).every(
      (blob, index) => blob.hash === event.blobs[index]?.hash && blob.size === event.blobs[index].size,
    )
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
