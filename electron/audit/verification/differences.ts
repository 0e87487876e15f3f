import { type Header, headerSchema } from '../../../shared/events/event.ts';
import { headerText } from '../tree/canonical.ts';
import type { RawEvent } from './raw-events.ts';
import type { Suspects } from './suspect.ts';

/** What the header of a row says, or undefined where it is none or not in its canonical form. */
export function readHeader(text: unknown): Header | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const header = headerSchema.safeParse(JSON.parse(text));
    return header.success && headerText(header.data) === text ? header.data : undefined;
  } catch {
    return undefined;
  }
}

function columnsOf(header: Header): [name: string, place: number, value: unknown][] {
  return [
    ['id', 1, header.id],
    ['time', 2, Date.parse(header.time)],
    ['kind', 3, header.kind],
    ['actor_kind', 4, header.actor.kind],
    ['actor_id', 5, header.actor.id ?? null],
    ['agent', 6, header.scope?.agent ?? null],
    ['run', 7, header.scope?.run ?? null],
    ['session', 8, header.scope?.session ?? null],
    ['subtask', 9, header.scope?.subtask ?? null],
    ['parent', 10, header.parent ?? null],
  ];
}

function shown(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return `“${String(value).slice(0, 100)}”`;
  return value === null ? 'nothing' : 'something that is no text';
}

/**
 * Why a row does not say what its header says. Slow and precise: it runs only for rows whose header,
 * written anew from the columns, differs from the stored one. Data and blobs are looked at elsewhere.
 */
export function nameDifferences(row: RawEvent, header: Header | undefined, suspects: Suspects): void {
  const seq = row[0];
  if (!header) {
    suspects.add('event_changed', seq, `Event ${seq}: its header is no header any more.`);
    return;
  }
  if (header.seq !== seq) {
    suspects.addNeighbour({
      what: 'event_changed',
      from: seq,
      to: seq,
      message: '',
      shift: seq - header.seq,
    });
    return;
  }
  for (const [name, place, said] of columnsOf(header)) {
    if (row[place] !== said) {
      const message = `Event ${seq}: its column “${name}” says ${shown(row[place])}, its header ${shown(said)}.`;
      suspects.add('column_changed', seq, message);
    }
  }
}
