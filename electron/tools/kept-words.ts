import type { RecordedEvent } from '../../shared/events/event.ts';
import type { AuditRecord } from '../audit/record.ts';

type Wording = 'note.worded' | 'memory.worded';
const pageSize = 500;

/** What was said in an event, where it was not erased. */
export function contentOf(event: RecordedEvent): string | null {
  const { content } = (event.data ?? {}) as { content?: unknown };
  return event.payload === 'present' && typeof content === 'string' ? content : null;
}

/** The one event at this place, where it is of that kind. */
export async function wordsAt(
  record: Pick<AuditRecord, 'query'>,
  kind: Wording,
  seq: number,
): Promise<RecordedEvent | null> {
  const { events } = await record.query({ filter: {}, after: seq - 1, limit: 1 });
  const [event] = events;
  return event?.seq === seq && event.kind === kind ? event : null;
}

/** Everything that an agent ever worded, oldest first: what is no longer kept included. */
export async function* everyWording(
  record: Pick<AuditRecord, 'query'>,
  kind: Wording,
  agent: string,
): AsyncGenerator<RecordedEvent, void> {
  for (let after: number | null = -1; after !== null;) {
    const { events, next } = await record.query({ filter: { kinds: [kind], agent }, after, limit: pageSize });
    yield* events;
    after = next;
  }
}
