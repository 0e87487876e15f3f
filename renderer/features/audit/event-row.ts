import { actorLabel } from '../../bridge/actor-words.ts';
import { sentenceOf, toneOf } from '../../../shared/events/catalogue.ts';
import type { RecordedEvent } from '../../../shared/events/event.ts';
import type { Tone } from '../../../shared/events/kind.ts';

/** What a row shows, and no more: payloads can be large, and the list may not keep them. */
export interface EventRow {
  readonly seq: number;
  readonly id: string;
  readonly time: Date;
  readonly kind: string;
  readonly known: boolean;
  readonly actor: string;
  readonly sentence: string;
  readonly tone: Tone;
  /** Where it ran, for tools. */
  readonly tag: string | null;
}

export function rowOf(event: RecordedEvent): EventRow {
  return {
    seq: event.seq,
    id: event.id,
    time: new Date(event.time),
    kind: event.kind,
    known: event.known,
    actor: actorLabel(event.actor),
    sentence: sentenceOf(event),
    tone: toneOf(event.kind),
    tag: surfaceOf(event),
  };
}

function surfaceOf({ kind, data }: RecordedEvent): string | null {
  if (!kind.startsWith('tool.') || typeof data !== 'object' || data === null || Array.isArray(data))
    return null;
  return typeof data['surface'] === 'string' ? data['surface'] : null;
}
